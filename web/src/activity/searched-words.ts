import type { ActivityPage } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { count, plural } from '../format/number';

const DAY_MS = 86_400_000;

/** What a search can find, in sentences. @param searched null: no page has come yet */
export function searchedWords(searched: ActivityPage['searched'] | null, nowMs: number): string {
  const only = 'Only captured requests can be found.';
  if (!searched) return only;
  if (searched.since === null)
    return `${only} None are kept: llama-swap keeps bodies while captureBuffer in its config is above 0.`;
  const days = Math.floor((nowMs - instantToMs(searched.since)) / DAY_MS);
  const back = days < 1 ? 'less than a day' : plural(days, 'day');
  const unread =
    searched.unread === 0
      ? ''
      : ` ${count(searched.unread)} older ones cannot be searched yet; they are being read.`;
  return `${only} Captures reach back ${back}.${unread}`;
}
