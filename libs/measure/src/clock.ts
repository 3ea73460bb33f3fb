import { setTimeout as sleep } from 'node:timers/promises';

/** Where times come from: the process that sends. */
export interface Clock {
  /**
   * Milliseconds of one monotonic clock with an arbitrary zero. On one machine it is the same for every process
   * (CLOCK_MONOTONIC), so what a server wrote down can be compared with what was read here.
   */
  nowMs(): number;
  /** Resolves at that time or when the signal fires, whichever is first; never early. */
  until(atMs: number, signal?: AbortSignal): Promise<void>;
}

/** The last stretch before a time is waited out in turns of the event loop: timers of Node are late by up to 1 ms and more. */
const FINE_MS = 1.25;

export const systemClock: Clock = {
  nowMs: () => Number(process.hrtime.bigint()) / 1e6,
  async until(atMs, signal) {
    for (;;) {
      const left = atMs - systemClock.nowMs();
      if (left <= 0 || signal?.aborted === true) return;
      if (left > FINE_MS) await sleep(left - FINE_MS, undefined, signal && { signal }).catch(() => undefined);
      else await new Promise((resolve) => setImmediate(resolve));
    }
  },
};
