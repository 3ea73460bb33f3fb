/** The clocks of a machine; tests bring their own. */
export interface Clocks {
  /** Milliseconds since 1970; people and time servers set it. */
  wallMs(): number;
  /** Milliseconds since some moment; never goes back, and stands still while the machine sleeps. */
  monotonicMs(): number;
  /** Runs something later; returns what calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

export const SYSTEM_CLOCKS: Clocks = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** What both clocks showed at one moment. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export const momentOf = (clocks: Clocks): Moment => ({
  wallMs: clocks.wallMs(),
  monotonicMs: clocks.monotonicMs(),
});

/**
 * Milliseconds since a moment by the clock that went further: a wall clock that was set back shows too little, and so does a
 * monotonic one after the machine slept.
 */
export function elapsedMs(clocks: Clocks, since: Moment): number {
  return Math.max(clocks.wallMs() - since.wallMs, clocks.monotonicMs() - since.monotonicMs);
}
