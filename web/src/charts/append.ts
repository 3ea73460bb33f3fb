import type { Gaps, ModelEvent, PerfSeries } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';

/**
 * A series with the newest part of itself, asked for later at the same step: its points replace those of their steps, and
 * what lies before the range is let go. The same object when nothing is new.
 * @param fromMs where the range begins now
 */
export function appendPerf(known: PerfSeries, tail: PerfSeries, fromMs: number): PerfSeries {
  const [firstNew] = tail.points;
  const fromTs = instantFromMs(fromMs - known.stepS * 1000);
  const had = new Set(known.points.map(stateOf));
  if (!firstNew || tail.points.every((point) => had.has(stateOf(point)))) return known;
  const kept = known.points.filter(({ ts }) => ts >= fromTs && ts < firstNew.ts);
  const newIds = new Set(tail.gpus.map(({ id }) => id));
  return {
    ...known,
    gpus: [...known.gpus.filter(({ id }) => !newIds.has(id)), ...tail.gpus].toSorted((a, b) => a.id - b.id),
    points: [...kept, ...tail.points],
  };
}

type PerfPoint = PerfSeries['points'][number];

/** The last step may still be filling. */
const stateOf = ({ ts, samples }: PerfPoint): string => `${ts} ${samples}`;

/** What to ask for so that the answer has the step of the series and reaches back to its end. */
export function tailQuery(
  { stepS, points }: PerfSeries,
  fromMs: number,
  nowMs: number,
): { fromMs: number; maxPoints: number } {
  const lastMs = Math.max(fromMs, instantToMs(points.at(-1)?.ts ?? instantFromMs(fromMs)));
  // The server takes the smallest step that gives no more points: the next smaller one is at most two thirds of ours, and
  // eight of our steps do not fit into ten of those.
  const steps = Math.max(8, Math.ceil((nowMs - lastMs) / 1000 / stepS) + 1);
  return { fromMs: nowMs - steps * stepS * 1000, maxPoints: steps + 2 };
}

/** Newest first, each once: the events with those that came since. The same list when nothing is new. */
export function appendEvents(
  known: readonly ModelEvent[],
  newer: readonly ModelEvent[],
): readonly ModelEvent[] {
  const keys = new Set(known.map(keyOf));
  const added = newer.filter((event) => !keys.has(keyOf(event)));
  return added.length === 0 ? known : [...added, ...known];
}

const keyOf = ({ model, state, ts }: ModelEvent): string => `${ts} ${state} ${model}`;

type Gap = Gaps['gaps'][number];

export const sameGaps = (a: readonly Gap[], b: readonly Gap[]): boolean =>
  a.length === b.length && a.every((gap, i) => JSON.stringify(gap) === JSON.stringify(b[i]));
