import type { PrefixDrift } from '@boocontrol/contracts';

/** Fewer tokens tell more of what comes with each request than of the speed of reading. */
export const MIN_READ = 32;
/** A cache that has more than half of what was expected, or lacks fewer tokens than these, did not miss. */
const MIN_MISSED = 64;
const MISSED_SHARE = 0.5;

export type Cost = Pick<PrefixDrift, 'expectedCachedTokens' | 'lostTokens' | 'lostMs'>;

/** What was lost. @param msPerToken null: not known */
export function costOf(expected: number | null, cached: number | null, msPerToken: number | null): Cost {
  if (expected === null || cached === null)
    return { expectedCachedTokens: expected, lostTokens: null, lostMs: null };
  const lostTokens = Math.max(0, expected - cached);
  const lostMs = msPerToken === null ? null : Math.round(lostTokens * msPerToken * 10) / 10;
  return { expectedCachedTokens: expected, lostTokens, lostMs };
}

/** The cache had far less than it would have had. */
export function isMiss(expected: number | null, cached: number | null): boolean {
  return (
    expected !== null &&
    cached !== null &&
    expected - cached >= MIN_MISSED &&
    cached < expected * MISSED_SHARE
  );
}

/** What of a miss is known. */
export interface Circumstances {
  isOtherHost: boolean;
  isOtherModel: boolean;
  /** The model was loaded after the session's last request was over, or for this one. */
  isReloaded: boolean;
  /** Others whose requests were served by it meanwhile. */
  others: number;
  /** Another request was served by it when this one came. */
  isBusy: boolean;
  /** Requests that it serves at the same time; null: not told. */
  slots: number | null;
}

/** Why a prompt that begins as before was not in the cache; what is likely. */
export function missCause({
  isOtherHost,
  isOtherModel,
  isReloaded,
  others,
  isBusy,
  slots,
}: Circumstances): PrefixDrift['cause'] {
  if (isOtherHost) return 'other_host';
  if (isOtherModel) return 'other_model';
  if (isReloaded) return 'model_reloaded';
  if (others > 0 && others >= (slots ?? 1)) return 'evicted';
  return others > 0 || isBusy ? 'other_slot' : 'unknown';
}
