import type { OwnError } from './client-answer.js';
import { Halt, type HaltSignal } from './halt.js';
import { PATIENCE_MS } from './target-order.js';

/** The time that a request has until its answer begins, over all hosts that are tried, queues and pauses included. */
export class Budget {
  private hasEnded = false;

  /** @param startedAtMs of the monotonic clock; @param budgetMs null: there is no end to it */
  constructor(
    private readonly startedAtMs: number,
    private readonly budgetMs: number | null,
  ) {}

  get isOver(): boolean {
    return this.leftMs <= 0;
  }

  get leftMs(): number {
    if (this.budgetMs === null) return Infinity;
    return this.hasEnded ? 0 : Math.max(0, this.startedAtMs + this.budgetMs - performance.now());
  }

  /** For a host that says itself when it may be asked again. */
  get patienceMs(): number {
    return this.budgetMs === null ? PATIENCE_MS : this.leftMs;
  }

  /** @returns to be called when there is nothing to end any more */
  whenOver(act: () => void): () => void {
    if (this.budgetMs === null) return () => undefined;
    const timer = setTimeout(() => {
      // A timer may be early by a millisecond.
      this.hasEnded = true;
      act();
    }, this.leftMs);
    return () => clearTimeout(timer);
  }

  /** Waits with a signal that fires when the request is halted, or when the time is over. */
  within<T>(halt: HaltSignal, wait: (signal: HaltSignal) => T | Promise<T>): T | Promise<T> {
    if (this.budgetMs === null) return wait(halt);
    return this.limited(halt, wait);
  }

  private async limited<T>(halt: HaltSignal, wait: (signal: HaltSignal) => T | Promise<T>): Promise<T> {
    const end = new Halt();
    const onHalt = (): void => end.abort(halt.reason);
    if (halt.aborted) onHalt();
    halt.addEventListener('abort', onHalt, { once: true });
    const release = this.whenOver(onHalt);
    try {
      return await wait(end);
    } finally {
      release();
      halt.removeEventListener('abort', onHalt);
    }
  }

  /** In words; of a request that waited for a place at a host all the time. */
  spentAt(providerId: string): OwnError {
    const message = `No place came free at the host ${providerId} within the ${this.seconds} s that the policy gives a request.`;
    return { status: 504, code: 'upstream_timeout', message, retryAfterS: 5 };
  }

  get seconds(): number {
    return (this.budgetMs ?? 0) / 1_000;
  }
}
