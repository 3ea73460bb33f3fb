import type { PerfSeries } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import type { AggregateRow, Stat } from './aggregate.sql.js';
import { stepStartMs } from './perf-plan.js';

type Point = PerfSeries['points'][number];
type GpuAggregate = NonNullable<AggregateRow['gpus']>[number];

/** Rows of one or several buckets a step, ascending, to points: averages weighted by their number of readings. */
export function toPoints(rows: readonly AggregateRow[], stepS: number): Point[] {
  const steps = new Map<number, AggregateRow[]>();
  for (const row of rows) {
    const start = stepStartMs(instantToMs(row.bucket), stepS);
    const step = steps.get(start);
    if (step === undefined) steps.set(start, [row]);
    else step.push(row);
  }
  return [...steps].map(([startMs, members]) => toPoint(startMs, members));
}

function toPoint(startMs: number, rows: readonly AggregateRow[]): Point {
  const sys = rows.flatMap((row) => row.sys ?? []);
  const gpus = rows.flatMap((row) => row.gpus ?? []);
  const ids = [...new Set(gpus.map(({ id }) => id))].sort((a, b) => a - b);
  const spanS = sum(sys.map(({ net }) => net?.spanS ?? 0));
  const rate = (bytes: number): number | null => (spanS > 0 ? bytes / spanS : null);
  return {
    ts: instantFromMs(startMs),
    samples: sum(rows.map(({ samples }) => samples)),
    gpus: ids.map((id) =>
      gpuPoint(
        id,
        gpus.filter((gpu) => gpu.id === id),
      ),
    ),
    cpuUtilPct: merge(sys.map(({ cpuUtilPct }) => cpuUtilPct)),
    memUsedMb: merge(sys.map(({ memUsedMb }) => memUsedMb)),
    netRxBps: rate(sum(sys.map(({ net }) => net?.rxBytes ?? 0))),
    netTxBps: rate(sum(sys.map(({ net }) => net?.txBytes ?? 0))),
  };
}

function gpuPoint(id: number, readings: readonly GpuAggregate[]): Point['gpus'][number] {
  return {
    id,
    utilPct: merge(readings.map(({ utilPct }) => utilPct)),
    memUsedMb: merge(readings.map(({ memUsedMb }) => memUsedMb)),
    tempC: merge(readings.map(({ tempC }) => tempC)),
    powerW: merge(readings.map(({ powerW }) => powerW)),
  };
}

function merge(stats: readonly (Stat | undefined)[]): { avg: number | null; max: number | null } {
  const known = stats.flatMap((stat) => stat ?? []);
  const count = sum(known.map((stat) => stat.count));
  if (count === 0) return { avg: null, max: null };
  return {
    avg: sum(known.map((stat) => stat.avg * stat.count)) / count,
    max: Math.max(...known.map(({ max }) => max)),
  };
}

/** Each GPU that shows in the rows, by id, as its newest row has it. */
export function gpusIn(rows: readonly AggregateRow[]): PerfSeries['gpus'] {
  const newest = new Map<number, PerfSeries['gpus'][number]>();
  for (const { gpus } of rows) {
    for (const { id, name, memTotalMb } of gpus ?? []) {
      newest.set(id, { id, name, memTotalMb: memTotalMb?.max ?? newest.get(id)?.memTotalMb ?? null });
    }
  }
  return [...newest.values()].sort((a, b) => a.id - b.id);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0);
