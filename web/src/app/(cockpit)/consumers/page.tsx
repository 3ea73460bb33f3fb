import type { Metadata } from 'next';
import { ConsumersPage } from '../../../consumers/ConsumersPage';

export const metadata: Metadata = { title: 'Consumers' };

export default function Page() {
  return <ConsumersPage />;
}
