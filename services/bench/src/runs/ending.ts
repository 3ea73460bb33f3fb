import { LeaseLostError } from '@boocontrol/client';
import type { BenchCell, Problem } from '@boocontrol/contracts';
import type { RunEnding } from './held-runs.repository.js';
import { MAX_TAKEOVERS } from './timings.js';

/** What becomes of a run. Pure. */

export const failed = (reason: Problem): RunEnding => ({ state: 'failed', reason });
export const interrupted = (reason: Problem): RunEnding => ({ state: 'interrupted', reason });

/** Its lease is gone: others may use the host. */
export function withoutLease(error: unknown): RunEnding {
  const by = error instanceof LeaseLostError ? error.by : undefined;
  const why = by === undefined ? 'The lease on the host was lost.' : `${by} took the host over.`;
  return interrupted({
    code: by === undefined ? 'lease_lost' : 'taken_over',
    message: `${why} What was measured until then stands.`,
    ...(by === undefined ? {} : { details: { by } }),
  });
}

export const GIVEN_UP: RunEnding = interrupted({
  code: 'workers_lost',
  message: `${MAX_TAKEOVERS + 1} workers in a row were gone before they could bring it to its end. What was measured stands.`,
});

/** Going on would put figures of two different hosts into one run. */
export const hostChanged = (changed: readonly string[]): RunEnding =>
  interrupted({
    code: 'host_changed',
    message: `The host is not what it was when this run began (${changed.join('; ')}), so its figures would not go together. Begin a new run.`,
    details: { changed },
  });

/**
 * All cells are measured or left out.
 * @param over why the engine sent no more, as it says; null: the suite is done
 * @param error what the host answered last when a request failed; null: none did
 */
export function wholeEnding(
  cells: readonly Pick<BenchCell, 'state'>[],
  over: string | null,
  error: string | null,
): RunEnding {
  const said = error === null ? '' : ` The last one said: ${error}`;
  const isAnything = cells.some(({ state }) => state === 'measured' || state === 'partial');
  if (over !== null && over.includes('failed'))
    return failed({ code: 'too_many_errors', message: `It was stopped: ${over}.${said}` });
  if (!isAnything)
    return failed({
      code: 'nothing_measured',
      message: `Nothing was measured${over === null ? '' : `: ${over}`}.${said}`,
    });
  if (over !== null)
    return {
      state: 'succeeded',
      reason: { code: 'limit_reached', message: `It was stopped by its suite: ${over}.` },
    };
  return { state: 'succeeded', reason: null };
}
