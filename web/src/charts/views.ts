import type { PerfSeries } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { gpuName } from '../format/text';

export type Point = [ms: number, value: number | null];
export interface Series {
  name: string;
  /** Ascending; null: here begins a hole. */
  points: Point[];
}
export interface ChartView {
  title: string;
  unit: string;
  /** Decimals of its figures, so that they line up. */
  digits: 0 | 1;
  /** Top of the axis; four parts of it are marked. */
  top: number;
  series: Series[];
}

type PerfPoint = PerfSeries['points'][number];

/** Hosts measure every 5 to 15 s; a hole is where several steps are missing. */
export const holeMs = (stepS: number): number => Math.max(3 * stepS, 60) * 1000;

/** Steps without samples make a hole, not a straight line over it. */
function withHoles(
  points: readonly PerfPoint[],
  stepS: number,
  of: (point: PerfPoint) => number | null,
): Point[] {
  const made: Point[] = [];
  let before: number | null = null;
  for (const point of points) {
    const ms = instantToMs(point.ts);
    if (before !== null && ms - before > holeMs(stepS)) made.push([before + 1000, null]);
    const value = of(point);
    if (value === null) continue;
    made.push([ms, value]);
    before = ms;
  }
  return made;
}

const round = (n: number, digits: number): number => Math.round(n * 10 ** digits) / 10 ** digits;
const scaled = (n: number | null, by: number, digits: number): number | null =>
  n === null ? null : round(n / by, digits);

type GpuPoint = PerfPoint['gpus'][number];

/** The charts of one host, those without any reading left out. */
export function hostCharts({ points, stepS, gpus }: PerfSeries): ChartView[] {
  const perGpu = (of: (gpu: GpuPoint) => number | null): Series[] =>
    gpus.map(({ id, name }) => ({
      name: gpus.length > 1 ? `${gpuName(name)} #${id}` : gpuName(name),
      points: withHoles(points, stepS, (point) => {
        const gpu = point.gpus.find((each) => each.id === id);
        return gpu ? of(gpu) : null;
      }),
    }));
  const line = (name: string, of: (point: PerfPoint) => number | null): Series => ({
    name,
    points: withHoles(points, stepS, of),
  });
  const memory = gpus.flatMap(({ memTotalMb }) => (memTotalMb === null ? [] : [memTotalMb / 1024]));
  const fastest = points.reduce(
    (most, { netRxBps, netTxBps }) => Math.max(most, netRxBps ?? 0, netTxBps ?? 0),
    0,
  );
  const [netUnit, netScale] = fastest < 1e6 ? (['kB/s', 1e3] as const) : (['MB/s', 1e6] as const);
  const views: (Omit<ChartView, 'top'> & { top: number | null })[] = [
    {
      title: 'VRAM',
      unit: 'GB',
      digits: 1,
      top: memory.length > 0 ? Math.ceil(Math.max(...memory) / 4) * 4 : null,
      series: perGpu(({ memUsedMb }) => scaled(memUsedMb.avg, 1024, 1)),
    },
    {
      title: 'GPU utilisation',
      unit: '%',
      digits: 0,
      top: 100,
      series: perGpu(({ utilPct }) => scaled(utilPct.avg, 1, 0)),
    },
    {
      title: 'GPU temperature',
      unit: '°C',
      digits: 0,
      top: null,
      series: perGpu(({ tempC }) => scaled(tempC.max ?? tempC.avg, 1, 0)),
    },
    {
      title: 'GPU power',
      unit: 'W',
      digits: 0,
      top: null,
      series: perGpu(({ powerW }) => scaled(powerW.avg, 1, 0)),
    },
    {
      title: 'CPU',
      unit: '%',
      digits: 1,
      top: 100,
      series: [line('All cores', ({ cpuUtilPct }) => scaled(cpuUtilPct.avg, 1, 1))],
    },
    {
      title: 'Memory',
      unit: 'GB',
      digits: 1,
      top: null,
      series: [line('In use', ({ memUsedMb }) => scaled(memUsedMb.avg, 1024, 1))],
    },
    {
      title: 'Network',
      unit: netUnit,
      digits: 1,
      top: null,
      series: [
        line('Received', ({ netRxBps }) => scaled(netRxBps, netScale, 2)),
        line('Sent', ({ netTxBps }) => scaled(netTxBps, netScale, 2)),
      ],
    },
  ];
  return views
    .filter(({ series }) => series.some(({ points: drawn }) => drawn.length > 0))
    .map((view) => ({ ...view, top: view.top ?? niceTop(largest(view.series)) }));
}

const largest = (series: readonly Series[]): number =>
  series.reduce((most, { points }) => Math.max(most, highest(points) ?? 0), 0);

/** null: no reading. */
export const highest = (points: readonly Point[]): number | null =>
  points.reduce<number | null>(
    (most, [, value]) => (value === null ? most : Math.max(most ?? value, value)),
    null,
  );

/** The least number at or above `value` whose quarters are round; 1 for nothing. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const step = value / 4;
  const magnitude = 10 ** Math.floor(Math.log10(step));
  const nice = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10].find((factor) => factor * magnitude >= step) ?? 10;
  return 4 * nice * magnitude;
}

/**
 * What a series says at a moment: its newest reading that is not newer.
 * @param staysMs how long a reading stands for the time after it
 * @returns null where nothing was measured
 */
export function valueAt(points: readonly Point[], ms: number, staysMs: number): number | null {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.[0] ?? Infinity) <= ms) low = middle + 1;
    else high = middle;
  }
  const found = points[low - 1];
  return found && ms - found[0] <= staysMs ? found[1] : null;
}
