import type { LogLines } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { exactClock } from '../../format/time';
import { serverNow } from '../../live';
import type { Span } from './span';

/**
 * What a reader has to know of lines that are not there: an empty list alone would say that nothing was written.
 * @param kept since when lines of the logs that are shown are kept
 * @param lines how many are shown
 * @returns null when everything of the span is there
 */
export function keptWords(
  kept: LogLines['kept'],
  { beginMs, endMs }: Span,
  lines: number,
  nowMs: number = serverNow(),
): string | null {
  const cut = kept.filter(({ since }) => instantToMs(since) > beginMs);
  const isAllGone = cut.length === kept.length && cut.every(({ since }) => instantToMs(since) >= endMs);
  if (isAllGone && lines === 0)
    return 'Lines of that time have left the log: of each log the newest 2,000 are kept. The files of the host may have them.';
  if (cut.length > 0) {
    const names = cut.map(
      (each) => `${each.source} from before ${exactClock(instantToMs(each.since), nowMs)}`,
    );
    return `Not all lines of that time are still kept: those of ${names.join(' and of ')} may have left the log.`;
  }
  return lines === 0 ? 'Nothing was logged in that time.' : null;
}
