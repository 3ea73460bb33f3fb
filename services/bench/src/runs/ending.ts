import type { BenchCell } from '@boocontrol/contracts';
import { failed, interrupted, type JobEnding } from '@boocontrol/platform';

/** What becomes of a run. Pure. */

/** Going on would put figures of two different hosts into one run. */
export const hostChanged = (changed: readonly string[]): JobEnding =>
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
): JobEnding {
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
