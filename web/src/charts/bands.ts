import type { Gaps } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { clock } from '../format/time';
import { lossWords } from '../hosts/gap';
import type { Range } from './range';

export interface Band {
  fromMs: number;
  toMs: number;
  /** A sentence without its full stop: what is missing, when, why. */
  text: string;
  /** The host could not be followed: what its models did is unknown too. */
  isBlind: boolean;
}

type Gap = Gaps['gaps'][number];

/** Gaps as bands within the range, each with its sentence. */
export function gapBands(gaps: readonly Gap[], range: Range): Band[] {
  return gaps.flatMap((gap) => {
    const fromMs = Math.max(range.fromMs, instantToMs(gap.fromTs));
    const toMs = Math.min(range.toMs, gap.toTs === null ? range.toMs : instantToMs(gap.toTs));
    if (toMs <= fromMs) return [];
    const isBlind = gap.kind === 'unreachable';
    return [{ fromMs, toMs, text: sentence(gap, fromMs, toMs, range.toMs), isBlind }];
  });
}

function sentence(gap: Gap, fromMs: number, toMs: number, nowMs: number): string {
  const end = gap.toTs === null ? 'now' : clock(toMs, nowMs);
  if (gap.kind === 'unreachable')
    return `no data: host unreachable ${clock(fromMs, nowMs)} to ${end}${why(gap.reason)}`;
  return (
    lossWords({ ...gap, toTs: gap.toTs ?? gap.fromTs, missing: gap.missingRows ?? null }, nowMs) ??
    `no data: samples lost ${clock(fromMs, nowMs)} to ${end}${why(gap.reason)}`
  );
}

/** Names of states are no reason to anyone. */
const why = (reason: string): string =>
  reason === '' || reason.startsWith('host_') ? '' : ` (${reason.replace(/\.$/, '')})`;

/**
 * What is said where the answer stopped before the range was told whole; null when all of the range is there.
 * @param what the things that are missing, as a sentence begins
 * @param oldest where the oldest of them is
 */
export function leftOut(what: string, oldest: string | undefined, { fromMs, toMs }: Range): string | null {
  if (oldest === undefined || instantToMs(oldest) <= fromMs) return null;
  return `${what} before ${clock(instantToMs(oldest), toMs)} are not marked: there are too many`;
}
