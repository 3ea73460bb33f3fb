import type { Sample } from '@boocontrol/contracts';
import type { Sent } from '@boocontrol/platform';

/** What was sent for the cell under way, by the clock on the wall: hosts tell of it by theirs. */
export class OwnRequests {
  private all: Sent[] = [];
  private measured: Sent[] = [];
  /** Of the clock on the wall when that of the samples began. */
  private zeroMs = 0;

  /** @param clockMs the monotonic milliseconds from which samples count */
  countFrom(clockMs: number, wallMs = Date.now(), monotonicMs = Number(process.hrtime.bigint()) / 1e6): void {
    this.zeroMs = wallMs - (monotonicMs - clockMs);
  }

  /** Another cell begins. */
  next(): void {
    this.all = [];
    this.measured = [];
  }

  /** When it has come to its end. */
  take(
    { startMs, lagMs, promptTokens, outputTokens }: Sample,
    isWarmup: boolean,
    endedMs = Date.now(),
  ): void {
    const startedMs = Math.min(endedMs, this.zeroMs + startMs + (lagMs ?? 0));
    const sent = { startedMs, endedMs, promptTokens, outputTokens };
    this.all.push(sent);
    if (!isWarmup) this.measured.push(sent);
  }

  /** One that only had its prompt counted; also before the first cell. */
  takeCount(
    { tookMs, ...tokens }: Omit<Sent, 'startedMs' | 'endedMs'> & { tookMs: number },
    endedMs = Date.now(),
  ): void {
    this.all.push({ startedMs: endedMs - tookMs, endedMs, ...tokens });
  }

  get sent(): readonly Sent[] {
    return [...this.all];
  }

  /** From the first send to the last end of what was measured; null: nothing was. */
  get window(): { fromMs: number; untilMs: number } | null {
    if (this.measured.length === 0) return null;
    const fromMs = this.measured.reduce((first, { startedMs }) => Math.min(first, startedMs), Infinity);
    const untilMs = this.measured.reduce((last, { endedMs }) => Math.max(last, endedMs), -Infinity);
    return { fromMs, untilMs };
  }
}
