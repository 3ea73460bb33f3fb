import type { Cell, Load, RateFound, Suite } from '@boocontrol/contracts';
import { groupOf, groupsOf } from '../suite/cells.js';
import { saturations } from './saturations.js';

type Search = Extract<Load, { kind: 'search' }>;
export type Searched = Pick<Cell, 'spec' | 'state' | 'reason' | 'requests' | 'figures' | 'pollution'>;

/** Of the requests of a rate so many, as a part of 1, have to keep the limits. */
const KEPT = 0.95;
/** The search ends where the next higher rate that did not keep them is at most this much higher, as a part of 1. */
const CLOSE = 0.1;

/** What a search does after what was measured: another rate, or its end. */
export type Step = { ratePerS: number } | Omit<RateFound, 'cells'>;

interface Judged {
  ratePerS: number;
  /** null: what was measured does not say. */
  kept: boolean | null;
  why: string;
}

/** The rates of one group of cells that differ in their rate only, in whatever order. Only rates that were measured are told. */
export function searchStep(
  { load, stop }: Pick<Suite, 'stop'> & { load: Search },
  cells: readonly Searched[],
): Step {
  const judged = cells.map(judge).sort((a, b) => a.ratePerS - b.ratePerS);
  const broken = judged.find(({ kept }) => kept === false);
  const unknown = judged.find(({ kept }) => kept === null);
  // A host that kept a higher rate and not a lower one is taken at the lower one.
  const best = judged.findLast(
    ({ kept, ratePerS }) => kept === true && ratePerS < (broken?.ratePerS ?? Infinity),
  );
  const highestPerS = best?.ratePerS ?? null;
  if (unknown) return { highestPerS, why: `it ended at ${unknown.ratePerS} a second: ${unknown.why}` };
  if (!broken) {
    if (!best) return { ratePerS: Math.min(load.fromPerS, load.toPerS) };
    if (best.ratePerS >= load.toPerS)
      return { highestPerS, why: `${best.ratePerS} a second is the highest rate that is tried` };
    const from = stop.saturation ? (saturations(cells)[0]?.load ?? null) : null;
    if (from !== null) return { highestPerS, why: `more than ${from} a second gained nothing` };
    return { ratePerS: Math.min(2 * best.ratePerS, load.toPerS) };
  }
  if (!best)
    return { highestPerS, why: `not even ${broken.ratePerS} a second kept the limits: ${broken.why}` };
  if (broken.ratePerS / best.ratePerS - 1 <= CLOSE)
    return { highestPerS, why: `${broken.ratePerS} a second did not keep the limits: ${broken.why}` };
  return { ratePerS: Number(((best.ratePerS + broken.ratePerS) / 2).toPrecision(4)) };
}

function judge({ spec, state, reason, requests, pollution }: Searched): Judged {
  const ratePerS = spec.load.kind === 'open' ? spec.load.ratePerS : 0;
  const { asked, good } = requests;
  if (state !== 'measured' || good === undefined)
    return { ratePerS, kept: null, why: reason ?? 'it was not measured to its end' };
  const late = pollution.find((one) => one.reason === 'sent_late')?.samples ?? 0;
  if (late > (1 - KEPT) * asked)
    return {
      ratePerS,
      kept: null,
      why: `${late} of ${asked} requests left late, so this machine is the limit`,
    };
  return { ratePerS, kept: good >= KEPT * asked, why: `${good} of ${asked} requests did` };
}

/** What searches of a rate came to, as far as they have ended; none where the suite does not search. */
export function rates(suite: Suite, cells: readonly Searched[]): RateFound[] {
  const { load, stop } = suite;
  if (load.kind !== 'search') return [];
  return groupsOf(suite).flatMap((group) => {
    const name = groupOf(group);
    const step = searchStep(
      { load, stop },
      cells.filter(({ spec }) => groupOf(spec) === name),
    );
    return 'why' in step ? [{ cells: name, ...step }] : [];
  });
}

/** Cells that the search of one group takes at most. */
export function stepsAtMost({ fromPerS, toPerS }: Search): number {
  const doublings = Math.ceil(Math.max(0, Math.log2(toPerS / fromPerS)));
  return 1 + doublings + (doublings === 0 ? 0 : Math.ceil(Math.log2(1 / CLOSE)));
}
