import type { Gaps, ModelEvent, PerfSeries } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { clock } from '../format/time';
import type { Range } from './range';

type Point = [ms: number, value: number | null];
interface Series {
  name: string;
  points: Point[];
}
export interface Band {
  fromMs: number;
  toMs: number;
  text: string;
}
export interface Tick {
  ms: number;
  text: string;
  /** Where its name is written: beside the tick with room for it, else nowhere. */
  side: 'right' | 'left' | null;
}
export interface ChartView {
  title: string;
  unit: string;
  /** Top of the axis; four parts of it are marked. */
  max: number;
  series: Series[];
}

type PerfPoint = PerfSeries['points'][number];

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
    // Hosts measure every 5 to 15 s; a hole is where several steps are missing.
    if (before !== null && ms - before > Math.max(3 * stepS, 60) * 1000) made.push([before + 1000, null]);
    const value = of(point);
    if (value === null) continue;
    made.push([ms, value]);
    before = ms;
  }
  return made;
}

const round = (n: number, digits: number): number => Math.round(n * 10 ** digits) / 10 ** digits;

/** The charts of one host, those without any reading left out. */
export function hostCharts({ points, stepS, gpus }: PerfSeries): ChartView[] {
  const perGpu = (of: (gpu: PerfPoint['gpus'][number]) => number | null): Series[] =>
    gpus.map(({ id, name }) => ({
      name: gpus.length > 1 ? `${shortName(name)} #${id}` : shortName(name),
      points: withHoles(points, stepS, (point) => {
        const gpu = point.gpus.find((each) => each.id === id);
        return gpu ? of(gpu) : null;
      }),
    }));
  const line = (name: string, of: (point: PerfPoint) => number | null): Series => ({
    name,
    points: withHoles(points, stepS, of),
  });
  const totals = gpus.flatMap(({ memTotalMb }) => (memTotalMb === null ? [] : [memTotalMb / 1024]));
  const scaled = (n: number | null, by: number, digits: number): number | null =>
    n === null ? null : round(n / by, digits);
  const fastest = Math.max(
    0,
    ...points.map(({ netRxBps, netTxBps }) => Math.max(netRxBps ?? 0, netTxBps ?? 0)),
  );
  const views: (Omit<ChartView, 'max'> & { max: number | null })[] = [
    {
      title: 'VRAM',
      unit: 'GB',
      max: totals.length > 0 ? Math.ceil(Math.max(...totals) / 4) * 4 : null,
      series: perGpu(({ memUsedMb }) => scaled(memUsedMb.avg, 1024, 1)),
    },
    {
      title: 'GPU utilisation',
      unit: '%',
      max: 100,
      series: perGpu(({ utilPct }) => scaled(utilPct.avg, 1, 0)),
    },
    {
      title: 'GPU temperature',
      unit: '°C',
      max: null,
      series: perGpu(({ tempC }) => scaled(tempC.max ?? tempC.avg, 1, 0)),
    },
    { title: 'GPU power', unit: 'W', max: null, series: perGpu(({ powerW }) => scaled(powerW.avg, 1, 0)) },
    {
      title: 'CPU',
      unit: '%',
      max: 100,
      series: [line('CPU', ({ cpuUtilPct }) => scaled(cpuUtilPct.avg, 1, 1))],
    },
    {
      title: 'Memory',
      unit: 'GB',
      max: null,
      series: [line('Memory', ({ memUsedMb }) => scaled(memUsedMb.avg, 1024, 1))],
    },
    {
      title: 'Network',
      unit: fastest < 1e6 ? 'kB/s' : 'MB/s',
      max: null,
      series: [
        line('Received', ({ netRxBps }) => scaled(netRxBps, fastest < 1e6 ? 1e3 : 1e6, 2)),
        line('Sent', ({ netTxBps }) => scaled(netTxBps, fastest < 1e6 ? 1e3 : 1e6, 2)),
      ],
    },
  ];
  return views
    .filter(({ series }) => series.some(({ points: drawn }) => drawn.length > 0))
    .map((view) => ({ ...view, max: view.max ?? niceTop(largest(view.series)) }));
}

const largest = (series: readonly Series[]): number =>
  series.reduce((most, { points }) => points.reduce((top, [, value]) => Math.max(top, value ?? 0), most), 0);

/** The least number at or above `value` whose quarters are round; 1 for nothing. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const step = value / 4;
  const magnitude = 10 ** Math.floor(Math.log10(step));
  const nice = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10].find((factor) => factor * magnitude >= step) ?? 10;
  return 4 * nice * magnitude;
}

const shortName = (name: string): string => name.replace(/^NVIDIA (GeForce )?/i, '');

/** Gaps as bands within the range, each with its sentence. */
export function gapBands(gaps: readonly Gaps['gaps'][number][], range: Range): Band[] {
  return gaps.flatMap((gap) => {
    const fromMs = Math.max(range.fromMs, instantToMs(gap.fromTs));
    const toMs = Math.min(range.toMs, gap.toTs === null ? range.toMs : instantToMs(gap.toTs));
    if (toMs <= fromMs) return [];
    const end = gap.toTs === null ? 'now' : clock(toMs, range.toMs);
    const why = gap.kind === 'unreachable' ? 'host unreachable' : 'samples lost';
    return [{ fromMs, toMs, text: `no data: ${why} ${clock(fromMs, range.toMs)} to ${end}` }];
  });
}

/**
 * What says that older marks are left out, because there were too many to ask for; null: all are there.
 * @param what the marks, as a sentence begins
 * @param oldest where the oldest of them is
 */
export function leftOut(what: string, oldest: string | undefined, { fromMs, toMs }: Range): string | null {
  if (oldest === undefined || instantToMs(oldest) <= fromMs) return null;
  return `${what} before ${clock(instantToMs(oldest), toMs)} are not marked: there are too many`;
}

/** Share of the width that a model's name takes. */
const ROOM_FOR_A_NAME = 0.42;

/** Swaps: the moments at which a model became ready. */
export function swapTicks(events: readonly ModelEvent[], range: Range): Tick[] {
  const ticks = events
    .filter(({ model, state }) => model !== '*' && state === 'ready')
    .map(({ model, ts }) => ({ ms: instantToMs(ts), text: model }))
    .filter(({ ms }) => ms >= range.fromMs && ms <= range.toMs)
    .toSorted((a, b) => a.ms - b.ms);
  const roomMs = (range.toMs - range.fromMs) * ROOM_FOR_A_NAME;
  let writtenTo = range.fromMs;
  return ticks.map(({ ms, text }, i): Tick => {
    const next = ticks[i + 1]?.ms ?? range.toMs;
    const side = next - ms >= roomMs ? 'right' : ms - writtenTo >= roomMs ? 'left' : null;
    writtenTo = side === 'right' ? ms + roomMs : ms;
    return { ms, text, side };
  });
}
