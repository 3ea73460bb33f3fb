import type { Metadata } from 'next';
import { HostPage } from '../../../../host/HostPage';

export const metadata: Metadata = { title: 'Host' };

/** Exported once; the gateway serves it for every host, and the page reads from the address which one is meant. */
export default function Page() {
  return <HostPage />;
}
