import type { BenchCell, Sample } from '@boocontrol/contracts';
import type { XySeries, XyView } from '../charts/xy';
import { duration, spoken } from '../format/number';
import { say } from './figures';
import { cellWords } from './words';

/** Times of a request that are drawn one by one. */
export const TIMES = [
  { name: 'ttftMs', text: 'TTFT' },
  { name: 'e2eMs', text: 'Whole answer' },
  { name: 'tpotMs', text: 'Time per token' },
] as const;
export type TimeName = (typeof TIMES)[number]['name'];

/** Past so many lines nobody tells them apart. */
const MOST_LINES = 8;

const measured = (samples: readonly Sample[], time: TimeName): { sample: Sample; ms: number }[] =>
  samples.flatMap((sample) => {
    const ms = sample[time];
    return ms === null ? [] : [{ sample, ms }];
  });

/** Where a share of all requests stands: each nine has the same width, so that the tail can be seen. */
const placeOf = (share: number): number => -Math.log10(1 - share);

/** The nth value of so many is at this share of them, by the method of the engine (nearest rank). */
const shareAt = (index: number, n: number): number => (index + 0.5) / n;

const MARKS = [0, 0.5, 0.9, 0.95, 0.99, 0.999] as const;

/** How many of all requests were as fast as that or faster. Only as far as there are values: p99 needs a hundred. */
export function percentileView(
  cells: readonly BenchCell[],
  samples: readonly Sample[],
  time: TimeName,
): XyView | null {
  const series = cells
    .map((cell) => {
      const values = measured(
        samples.filter((sample) => sample.cell === cell.index),
        time,
      )
        .map(({ ms }) => ms)
        .toSorted((a, b) => a - b);
      return { cell, values };
    })
    .filter(({ values }) => values.length >= 2)
    .slice(0, MOST_LINES)
    .map(({ cell, values }, color): XySeries => ({
      name: cellWords(cell.spec),
      looks: 'line',
      color,
      points: values.map((y, i) => ({ x: placeOf(shareAt(i, values.length)), y })),
    }));
  if (series.length === 0) return null;
  const to = Math.max(...series.flatMap(({ points }) => points.map(({ x }) => x)));
  return {
    title: 'Distribution',
    unit: 'ms',
    xName: 'percentile',
    marks: MARKS.map((share) => ({ at: placeOf(share), text: `p${100 * share}` })).filter(
      ({ at }) => at <= to,
    ),
    from: 0,
    to,
    series,
    sayX: (x) => `p${(100 * (1 - 10 ** -x)).toFixed(x > 2 ? 1 : 0)}`,
    sayY: (y) => say(time, y),
  };
}

/** Every request as a dot over the time of the run; one with something against it is a triangle. */
export function dotsView(samples: readonly Sample[], time: TimeName): XyView | null {
  const all = measured(samples, time);
  if (all.length === 0) return null;
  const seriesOf = (name: string, looks: XySeries['looks'], color: number, of: typeof all): XySeries[] =>
    of.length === 0
      ? []
      : [{ name, looks, color, points: of.map(({ sample, ms }) => ({ x: sample.startMs / 1000, y: ms })) }];
  const isPlain = ({ sample }: (typeof all)[number]): boolean =>
    sample.pollution.length === 0 && sample.status === 'ok';
  const ends = all.map(({ sample }) => sample.startMs / 1000);
  const from = Math.min(...ends);
  const to = Math.max(...ends, from + 1);
  return {
    title: 'Every request',
    unit: 'ms',
    xName: 'time since the run began',
    marks: [0, 0.25, 0.5, 0.75, 1].map((share) => {
      const at = from + share * (to - from);
      return { at, text: spoken(duration(at * 1000)) };
    }),
    from,
    to,
    series: [
      ...seriesOf('requests', 'dots', 0, all.filter(isPlain)),
      ...seriesOf(
        'with something against them',
        'triangles',
        2,
        all.filter((each) => !isPlain(each)),
      ),
    ],
    sayX: (x) => spoken(duration(x * 1000)),
    sayY: (y) => say(time, y),
  };
}
