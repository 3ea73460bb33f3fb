import { pause } from '@boocontrol/platform';

/** A flag that one loop waits for; raising it while nobody waits is remembered once. */
export class Wake {
  private raised = false;
  private ring: (() => void) | null = null;

  raise(): void {
    this.raised = true;
    this.ring?.();
  }

  /** Resolves when raised, after `ms`, or when the signal fires; true when raised. Never rejects. */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.raised) {
      const enough = new AbortController();
      this.ring = () => enough.abort();
      await pause(ms, AbortSignal.any([signal, enough.signal]));
      this.ring = null;
    }
    const was = this.raised;
    this.raised = false;
    return was;
  }
}

/**
 * Runs tasks side by side until one ends: then the others are told by the signal and waited for.
 * Rejects with what ended first; resolves when that ended well.
 */
export async function untilFirstEnds(
  parent: AbortSignal,
  tasks: readonly ((signal: AbortSignal) => Promise<unknown>)[],
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([parent, stop.signal]);
  const running = tasks.map((task) => task(signal));
  try {
    await Promise.race(running);
  } finally {
    stop.abort(new Error('another part of the connection ended'));
    await Promise.allSettled(running);
  }
}
