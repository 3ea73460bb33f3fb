import { api, messageOf } from '../api/client';
import { tell } from '../ui/notices';

/** Ends a request that is under way, through whichever gateway it goes. What came of it is told. */
export async function cancelUnderWay(id: string): Promise<void> {
  try {
    await api(`/routing/inflight/${encodeURIComponent(id)}`, {
      method: 'DELETE',
      headers: { 'x-boo-source': 'browser' },
    });
    tell('The request is cancelled.');
  } catch (error) {
    tell(messageOf(error), true);
  }
}
