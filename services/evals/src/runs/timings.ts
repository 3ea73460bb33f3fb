/** Waits of runs, all in milliseconds. */
export interface EvalTimings {
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
  /** Between two scores of a run that is under way. */
  scoreEveryMs: number;
  /** Before a sample that could not be asked or graded is tried again; twice as long before the last time. */
  againMs: number;
  /** How old a reading of GPUs may be when it comes. */
  gpuLagMs: number;
  /** How long a host that does not answer any more is waited for. */
  awayMs: number;
}

/** Injection token of EvalTimings. */
export const EVAL_TIMINGS = Symbol('EVAL_TIMINGS');

export const TIMINGS: EvalTimings = {
  heartbeatMs: 1_000,
  abandonedMs: 15_000,
  progressMs: 300,
  lookAgainMs: 500,
  careEveryMs: 5_000,
  unqueuedMs: 30_000,
  settleMs: 3_000,
  scoreEveryMs: 2_000,
  againMs: 1_000,
  // The collector asks every five seconds.
  gpuLagMs: 10_000,
  awayMs: 60_000,
};
