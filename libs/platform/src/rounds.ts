import { setMaxListeners } from 'node:events';
import { pause } from './backoff.js';
import type { Log } from './logs/logger.js';

export interface RoundsOptions {
  log: Log;
  /** What the log says when a round failed, e.g. "old records could not be removed, trying again". */
  trouble: string;
  /** Milliseconds from the end of a round to the next one; a function is asked after each. */
  everyMs: number | (() => number);
  /** The same after a round that failed; a function is given how many did in a row before it. Default: as after one that did not. */
  againMs?: number | ((failuresBefore: number) => number);
  /** Does the work. What it throws is logged, and tried again. @param signal fires when it is to come to an end */
  round: (signal: AbortSignal) => Promise<void>;
}

/** Work that is done again and again beside everything else, one round at a time, until it is stopped. */
export class Rounds {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private due = new AbortController();

  constructor(private readonly options: RoundsOptions) {
    // A round may begin many things that all have to end with it.
    setMaxListeners(Infinity, this.stopping.signal);
  }

  /** The first round begins at once. */
  start(): void {
    this.running ??= this.run();
  }

  /** The next round begins at once, or after the one under way; not sooner than `againMs` after one that failed. */
  soon(): void {
    this.due.abort();
  }

  /** Waits for the round under way. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the service stops'));
    await this.running;
  }

  private async run(): Promise<void> {
    const { log, trouble, everyMs, againMs, round } = this.options;
    const { signal } = this.stopping;
    const afterMs = (): number => (typeof everyMs === 'number' ? everyMs : everyMs());
    for (let failures = 0; !signal.aborted;) {
      this.due = new AbortController();
      try {
        await round(signal);
        failures = 0;
        await pause(afterMs(), AbortSignal.any([signal, this.due.signal]));
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ err: error }, trouble);
        await pause(typeof againMs === 'function' ? againMs(failures++) : (againMs ?? afterMs()), signal);
      }
    }
  }
}
