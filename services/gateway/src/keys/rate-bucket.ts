const MINUTE_MS = 60_000;

/**
 * So much a minute, in one go or spread: it fills steadily up to what a minute allows. What is taken may leave it below
 * nothing, and then it has to fill up again first.
 */
export class RateBucket {
  private level: number;
  private atMs: number;

  constructor(
    private perMinute: number,
    nowMs: number,
  ) {
    this.level = perMinute;
    this.atMs = nowMs;
  }

  /** Another rate from now on; what was taken stays taken. */
  setRate(perMinute: number, nowMs: number): void {
    this.fill(nowMs);
    this.level = Math.min(perMinute, this.level + perMinute - this.perMinute);
    this.perMinute = perMinute;
  }

  take(amount: number, nowMs: number): void {
    this.fill(nowMs);
    this.level -= amount;
  }

  /** Milliseconds until it holds at least so much (at most what a minute allows); 0: it does now. */
  waitMs(amount: number, nowMs: number): number {
    this.fill(nowMs);
    return Math.max(0, ((amount - this.level) * MINUTE_MS) / this.perMinute);
  }

  /** A clock that was put back fills nothing. */
  private fill(nowMs: number): void {
    const passedMs = Math.max(0, nowMs - this.atMs);
    this.level = Math.min(this.perMinute, this.level + (passedMs * this.perMinute) / MINUTE_MS);
    this.atMs = nowMs;
  }
}
