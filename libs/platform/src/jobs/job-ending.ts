import { LeaseLostError } from '@boocontrol/client';
import type { Problem } from '@boocontrol/contracts';

/** What becomes of a job. Pure. */
export interface JobEnding {
  state: 'succeeded' | 'failed' | 'cancelled' | 'interrupted';
  /** Why it is not whole; null: it is. */
  reason: Problem | null;
}

export const failed = (reason: Problem): JobEnding => ({ state: 'failed', reason });
export const interrupted = (reason: Problem): JobEnding => ({ state: 'interrupted', reason });

/** @param stands what of it is kept, as a sentence */
export const cancelledBy = (by: string, stands: string): Problem => ({
  code: 'cancelled',
  message: `${by} ended it before its end. ${stands}`,
});

/** Its lease is gone: others may use the host. @param stands what of it is kept, as a sentence */
export function withoutLease(error: unknown, stands: string): JobEnding {
  const by = error instanceof LeaseLostError ? error.by : undefined;
  const why = by === undefined ? 'The lease on the host was lost.' : `${by} took the host over.`;
  return interrupted({
    code: by === undefined ? 'lease_lost' : 'taken_over',
    message: `${why} ${stands}`,
    ...(by === undefined ? {} : { details: { by } }),
  });
}

/** A job that more workers in a row leave behind is given up; one that came further since begins to count anew. */
export const MAX_TAKEOVERS = 5;

export const GIVEN_UP: JobEnding = interrupted({
  code: 'workers_lost',
  message: `${MAX_TAKEOVERS + 1} workers in a row were gone before they could bring it to its end. What was measured stands.`,
});
