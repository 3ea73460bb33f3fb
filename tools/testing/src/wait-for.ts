import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

export interface WaitOptions {
  /** What is waited for, for the error message. */
  what: string;
  /** Default 60,000: how long a failure takes, not how fast a machine has to be. */
  timeoutMs?: number;
  /** Pause between two tries. Default 50. */
  everyMs?: number;
}

/**
 * Calls `probe` until it gives something truthy, and resolves with that. A probe that throws is tried again.
 * Throws when the time is over, with the last value or error of the probe.
 */
export async function waitFor<T>(
  probe: () => T | Promise<T>,
  { what, timeoutMs = 60_000, everyMs = 50 }: WaitOptions,
): Promise<Exclude<Awaited<T>, undefined | null | false | 0 | ''>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let last: string;
    let cause: unknown;
    try {
      const value = await probe();
      if (value) return value as Exclude<Awaited<T>, undefined | null | false | 0 | ''>;
      last = `last value ${inspect(value)}`;
    } catch (error) {
      cause = error;
      last = `last error ${error instanceof Error ? error.message : inspect(error)}`;
    }
    if (Date.now() >= deadline) throw new Error(`waited ${timeoutMs} ms for ${what}: ${last}`, { cause });
    await delay(everyMs);
  }
}
