import { instantFromMs, laterOf } from '@boocontrol/fleet-model';
import {
  hostTime,
  mergePerf,
  perfIntervalMs,
  type BadItem,
  type GpuReading,
  type HostClient,
  type HostTime,
  type PerfMarks,
  type SysReading,
} from '@boocontrol/llama-swap';
import type { Timings } from '../timings.js';
import type { Facts } from './facts.js';

const HOUR_NS = 3_600_000_000_000n;
const MINUTE_NS = 60_000_000_000n;
const ASSUMED_INTERVAL_MS = 5_000;
/** Answers without anything new, in a row, before the whole ring is looked at: the host's clock may have been set back. */
const EMPTY_ANSWERS = 12;

/** Samples of one host from its ring; the marks on the log say up to where. */
export class PerfState {
  private marks: PerfMarks = { gpuTs: null, sysTs: null };
  private intervalMs = ASSUMED_INTERVAL_MS;
  private emptyAnswers = 0;

  constructor(private readonly facts: Facts) {}

  recover(marks: PerfMarks): void {
    this.marks = marks;
  }

  /** Asks once. Says how monitoring stands, when to ask again and what could not be read. @throws {HostError} @throws {PublishError} */
  async poll(
    client: HostClient,
    signal: AbortSignal,
    timings: Pick<Timings, 'perfEveryMs' | 'perfAskAgainMs'>,
  ): Promise<{ monitoring: 'on' | 'off' | 'absent'; againMs: number; bad: BadItem[] }> {
    const isWhole = this.emptyAnswers >= EMPTY_ANSWERS;
    const answer = await client.performance(isWhole ? null : questionOf(this.marks), { signal });
    if (answer.state !== 'on') return { monitoring: answer.state, againMs: timings.perfAskAgainMs, bad: [] };
    const lists = isWhole ? this.afterSetBack(answer) : answer;
    this.intervalMs = perfIntervalMs(lists.sys, this.intervalMs);
    await this.stateOverflow(lists.sys);
    const samples = mergePerf(lists, this.marks, this.intervalMs);
    this.emptyAnswers = samples.length > 0 || isWhole ? 0 : this.emptyAnswers + 1;
    for (const { gpuTs, sysTs, ...sample } of samples) {
      const msgId = `${this.facts.providerId}:perf:${sample.ts}`;
      await this.facts.put('perf', { ...sample, gpuTs, sysTs }, { msgId });
      this.marks = { gpuTs, sysTs };
    }
    return { monitoring: 'on', againMs: timings.perfEveryMs, bad: answer.bad };
  }

  /** The ring holds an hour: when it is full and begins after our mark, what was between is lost. */
  private async stateOverflow(sys: readonly SysReading[]): Promise<void> {
    const mark = this.marks.sysTs === null ? null : hostTime(this.marks.sysTs);
    const [oldest] = sys;
    const newest = sys.at(-1);
    if (mark === null || !oldest || !newest) return;
    const stepNs = BigInt(Math.round(this.intervalMs)) * 1_000_000n;
    const isFull = newest.time.epochNs - oldest.time.epochNs >= HOUR_NS - 2n * MINUTE_NS;
    if (!isFull || oldest.time.epochNs - mark.epochNs <= 3n * stepNs) return;
    const missing = Number((oldest.time.epochNs - mark.epochNs) / stepNs) - 1;
    const gap = { fromTs: mark.instant, toTs: laterOf(mark.instant, oldest.time.instant), missing };
    await this.facts.gap({ ...gap, reason: 'perf_ring_overflow' });
  }

  /**
   * The ring is in the order of writing. When its newest reading is before our mark the clock was set back: what was
   * written after the last reading that we have is new, and the marks begin again.
   */
  private afterSetBack(lists: { gpu: GpuReading[]; sys: SysReading[] }): {
    gpu: GpuReading[];
    sys: SysReading[];
  } {
    const mark = this.marks.sysTs === null ? null : hostTime(this.marks.sysTs);
    const newest = lists.sys.at(-1);
    if (mark === null || !newest || newest.time.epochNs >= mark.epochNs) return lists;
    this.facts.log.warn({ provider: this.facts.providerId }, 'the host set its clock back');
    this.marks = { gpuTs: null, sysTs: null };
    return { gpu: writtenAfter(lists.gpu, mark), sys: writtenAfter(lists.sys, mark) };
  }
}

function writtenAfter<T extends { time: HostTime }>(readings: readonly T[], mark: HostTime): T[] {
  const last = readings.findLastIndex(({ time }) => time.epochNs >= mark.epochNs);
  return readings.slice(last + 1);
}

/** The list with the older mark decides; a list that never had a reading may begin with one of the last minute. */
function questionOf({ gpuTs, sysTs }: PerfMarks): string | null {
  const times = [gpuTs, sysTs].flatMap((text) => (text === null ? [] : (hostTime(text) ?? [])));
  const [first, second] = times.sort((a, b) => (a.epochNs < b.epochNs ? -1 : 1));
  if (!first) return null;
  if (second) return first.text;
  return instantFromMs(Number((first.epochNs - MINUTE_NS) / 1_000_000n));
}
