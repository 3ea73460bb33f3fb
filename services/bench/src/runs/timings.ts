/** Waits of runs, all in milliseconds. */
export interface BenchTimings {
  heartbeatMs: number;
  /** A run without a heartbeat for so long has nobody who works on it. Much longer than `heartbeatMs`. */
  abandonedMs: number;
  /** Between two facts of progress: at most four a second. */
  progressMs: number;
  /** Between two looks at a run that somebody else may be at. */
  lookAgainMs: number;
  /** Between two rounds of the caretaker. */
  careEveryMs: number;
  /** An open run that nobody works on and that is in no queue for so long is queued again. */
  unqueuedMs: number;
  /** How long a worker waits for facts of what it has just done to the host. */
  settleMs: number;
}

/** Injection token of BenchTimings. */
export const BENCH_TIMINGS = Symbol('BENCH_TIMINGS');

export const TIMINGS: BenchTimings = {
  heartbeatMs: 1_000,
  abandonedMs: 15_000,
  progressMs: 300,
  lookAgainMs: 500,
  careEveryMs: 5_000,
  unqueuedMs: 30_000,
  settleMs: 3_000,
};
