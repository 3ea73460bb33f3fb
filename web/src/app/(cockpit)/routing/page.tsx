import type { Metadata } from 'next';
import { RoutingPage } from '../../../routing/RoutingPage';

export const metadata: Metadata = { title: 'Routing' };

export default function Page() {
  return <RoutingPage />;
}
