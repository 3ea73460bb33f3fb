/** Waiting between attempts: grows by doubling, is bounded, and carries jitter so that replicas do not knock in step. */
export interface BackoffOptions {
  /** Delay before the first retry, in milliseconds. */
  baseMs: number;
  /** No delay is longer than this, jitter included, in milliseconds. */
  maxMs: number;
}

/**
 * The delay before retry number `attempt` (0 for the first): `baseMs * 2^attempt`, of which the upper half is random.
 * @param random a number in [0, 1)
 */
export function backoffDelayMs(attempt: number, { baseMs, maxMs }: BackoffOptions, random: number): number {
  const fullMs = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
}

/** Resolves after `ms`, or as soon as the signal fires. Never rejects: the caller looks at the signal. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
