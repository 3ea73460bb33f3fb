import type { ActivityRow } from '@boocontrol/contracts';

type Joined = Pick<ActivityRow, 'dispatchId' | 'dispatch'>;

/** Which way a request came, where that was not straight to its host. */
export function wayWords({ dispatch }: Joined): string {
  if (!dispatch || dispatch.attempts === 1) return 'through /v1';
  return `through /v1, as attempt ${dispatch.attempt} of ${dispatch.attempts}`;
}

/** How it is known that a row and a request to /v1 are the same, for a reader who has to trust it. */
export function joinWords({ dispatch }: Joined): string {
  return dispatch?.joined === 'matched'
    ? 'Host, model, time and tokens fit: the host kept no headers that would prove that it is this request.'
    : 'Known by its request id.';
}
