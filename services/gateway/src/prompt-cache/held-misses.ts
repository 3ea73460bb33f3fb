import type { PrefixDrift } from '@boocontrol/contracts';

/** Hosts that keep no captures tell of requests from elsewhere so much later; milliseconds. */
const HELD_MS = 12_000;
const MOST = 1_000;

interface Held {
  again: () => PrefixDrift;
  dueMs: number;
}

/**
 * Misses whose cause is not known yet wait for the rows of their host, which come later than the answers: whoever had the model
 * in between is told by those. No I/O; times are of one clock, milliseconds.
 */
export class HeldMisses {
  private held: Held[] = [];

  /** @returns what waits no longer, because there are too many */
  hold(again: () => PrefixDrift, nowMs: number): PrefixDrift[] {
    this.held.push({ again, dueMs: nowMs + HELD_MS });
    return this.held.length > MOST ? this.held.splice(0, 1).map((oldest) => oldest.again()) : [];
  }

  /** Those whose cause is known now, and those that have waited long enough. */
  take(nowMs: number): PrefixDrift[] {
    const ready: PrefixDrift[] = [];
    this.held = this.held.filter(({ again, dueMs }) => {
      const drift = again();
      const isReady = dueMs <= nowMs || drift.cause === 'evicted';
      if (isReady) ready.push(drift);
      return !isReady;
    });
    return ready;
  }

  /** All of them. */
  drain(): PrefixDrift[] {
    return this.take(Infinity);
  }
}
