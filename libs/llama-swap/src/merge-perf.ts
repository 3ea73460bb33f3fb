import type { Gpu } from '@boocontrol/contracts';
import type { GpuReading, PerfMarks, PerfSample, SysReading } from './perf.js';
import { hostTime, type HostTime } from './time.js';

const NS_PER_MS = 1_000_000n;
/** A snapshot is written in one go; its rows' times differ by less. */
const SNAPSHOT_NS = 500n * NS_PER_MS;

interface Snapshot {
  first: HostTime;
  last: HostTime;
  gpus: Gpu[];
}

const byTime = (a: { time: HostTime }, b: { time: HostTime }): number =>
  a.time.epochNs < b.time.epochNs ? -1 : a.time.epochNs > b.time.epochNs ? 1 : 0;

function after<T extends { time: HostTime }>(readings: readonly T[], mark: bigint | null): T[] {
  return readings.filter(({ time }) => mark === null || time.epochNs > mark).sort(byTime);
}

/** One row for each GPU with nearly the same time is one snapshot; a GPU that comes again begins the next. */
function snapshotsOf(readings: readonly GpuReading[]): Snapshot[] {
  const snapshots: Snapshot[] = [];
  for (const { time, gpu } of readings) {
    const open = snapshots.at(-1);
    const isSame =
      open !== undefined &&
      time.epochNs - open.first.epochNs <= SNAPSHOT_NS &&
      !open.gpus.some(({ id }) => id === gpu.id);
    if (!isSame) snapshots.push({ first: time, last: time, gpus: [gpu] });
    else {
      open.gpus.push(gpu);
      open.last = time;
    }
  }
  return snapshots;
}

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

/**
 * Merges the host's two lists into samples, oldest first. A system reading and a GPU snapshot that are nearest to each
 * other and at most half an interval apart become one sample. A reading whose partner may still come is held back: it is
 * not in the result and, the marks not having passed it, comes again with the next answer.
 *
 * @param marks readings up to these are done; each sample carries the marks after it
 * @param intervalMs of the host's tickers
 */
export function mergePerf(
  { gpu, sys }: { gpu: readonly GpuReading[]; sys: readonly SysReading[] },
  marks: PerfMarks,
  intervalMs: number,
): PerfSample[] {
  const gpuMark = marks.gpuTs === null ? null : (hostTime(marks.gpuTs)?.epochNs ?? null);
  const sysMark = marks.sysTs === null ? null : (hostTime(marks.sysTs)?.epochNs ?? null);
  const snapshots = snapshotsOf(after(gpu, gpuMark));
  const readings = after(sys, sysMark).filter(
    (reading, i, all) => reading.time.epochNs !== all[i - 1]?.time.epochNs,
  );
  const intervalNs = BigInt(Math.max(1, Math.round(intervalMs))) * NS_PER_MS;
  const toleranceNs = intervalNs / 2n;
  const lastGpu = snapshots.at(-1)?.last.epochNs ?? gpuMark;
  const lastSys = readings.at(-1)?.time.epochNs ?? sysMark;
  /** The other list can have no partner for time t any more, or never had a reading at all. */
  const isSettled = (t: bigint, own: bigint | null, other: bigint | null): boolean =>
    other === null || other >= t + toleranceNs || (own !== null && own >= t + intervalNs);

  const samples: PerfSample[] = [];
  let { gpuTs, sysTs } = marks;
  const emit = (reading: SysReading | null, snapshot: Snapshot | null): void => {
    gpuTs = snapshot?.last.text ?? gpuTs;
    sysTs = reading?.time.text ?? sysTs;
    const time = reading?.time ?? snapshot?.last;
    if (time)
      samples.push({
        ts: time.instant,
        gpus: snapshot?.gpus ?? null,
        sys: reading?.sys ?? null,
        gpuTs,
        sysTs,
      });
  };

  for (let i = 0, j = 0; ;) {
    const reading = readings[i];
    const snapshot = snapshots[j];
    if (reading && snapshot) {
      const [s, g] = [reading.time.epochNs, snapshot.last.epochNs];
      const apart = distance(s, g);
      const next = s <= g ? readings[i + 1]?.time.epochNs : snapshots[j + 1]?.last.epochNs;
      const nextIsNearer = next !== undefined && distance(next, s <= g ? g : s) < apart;
      const isPair = apart <= toleranceNs && !nextIsNearer;
      const takesReading = isPair || s <= g;
      const takesSnapshot = isPair || s > g;
      emit(takesReading ? reading : null, takesSnapshot ? snapshot : null);
      if (takesReading) i++;
      if (takesSnapshot) j++;
    } else if (reading && isSettled(reading.time.epochNs, lastSys, lastGpu)) {
      emit(reading, null);
      i++;
    } else if (snapshot && isSettled(snapshot.last.epochNs, lastGpu, lastSys)) {
      emit(null, snapshot);
      j++;
    } else return samples;
  }
}

/** The host's ticker as its readings show it (the median distance), bounded to 0.1 to 60 s; `assumedMs` when there are too few. */
export function perfIntervalMs(readings: readonly { time: HostTime }[], assumedMs: number): number {
  const times = [...new Set(readings.map(({ time }) => time.epochNs))].sort((a, b) => (a < b ? -1 : 1));
  const steps = times.slice(1).map((time, i) => Number((time - (times[i] ?? time)) / NS_PER_MS));
  if (steps.length === 0) return assumedMs;
  const median = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? assumedMs;
  return Math.min(60_000, Math.max(100, median));
}
