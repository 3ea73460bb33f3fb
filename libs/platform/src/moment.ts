/** What both clocks of this machine showed at one moment. */
export interface Moment {
  wallMs: number;
  monotonicMs: number;
}

export const momentNow = (): Moment => ({ wallMs: Date.now(), monotonicMs: performance.now() });

/**
 * Milliseconds from one moment to another by the clock that went further: the monotonic one stands still while a machine
 * sleeps, and the other one may have been set back.
 */
export function elapsedMs(since: Moment, now: Moment): number {
  return Math.max(now.wallMs - since.wallMs, now.monotonicMs - since.monotonicMs);
}
