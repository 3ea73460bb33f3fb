/** Where wall-clock timestamps come from. */
export interface WallClock {
  /** Nanoseconds since 1970. */
  nowNs(): bigint;
}

/** The machine's clock, refined to nanoseconds by the monotonic one. */
export function systemClock(): WallClock {
  const originNs = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
  return { nowNs: () => originNs + process.hrtime.bigint() };
}

/**
 * The host's time: wall-clock timestamps (with a skew that tests may set) and timers that run
 * `timeScale` times faster than real time. `dispose()` ends it as the end of a process does: timers die, none starts.
 */
export class SimTime {
  skewMs = 0;
  readonly #timers = new Set<NodeJS.Timeout>();
  #disposed = false;

  constructor(
    private readonly clock: WallClock,
    readonly timeScale: number,
  ) {}

  /** Wall clock in nanoseconds, skew included. */
  nowNs(): bigint {
    return this.clock.nowNs() + BigInt(Math.round(this.skewMs * 1e6));
  }

  /** Monotonic real milliseconds. */
  realMs(): number {
    return performance.now();
  }

  /** Monotonic simulated milliseconds. */
  simMs(): number {
    return performance.now() * this.timeScale;
  }

  /** Calls `run` once after `ms` simulated milliseconds; returns what cancels it. */
  after(ms: number, run: () => void): () => void {
    if (this.#disposed) return () => {};
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        run();
      },
      Math.max(0, ms / this.timeScale),
    );
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  /** Calls `run` every `ms` simulated milliseconds; returns what stops it. */
  every(ms: number, run: () => void): () => void {
    if (this.#disposed) return () => {};
    const timer = setInterval(run, Math.max(1, ms / this.timeScale));
    this.#timers.add(timer);
    return () => {
      clearInterval(timer);
      this.#timers.delete(timer);
    };
  }

  /** Resolves after `ms` simulated milliseconds, or at once when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.after(ms, done);
      signal?.addEventListener('abort', done);
    });
  }

  dispose(): void {
    this.#disposed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
