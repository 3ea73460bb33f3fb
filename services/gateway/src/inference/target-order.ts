import type { Failure } from './attempt.js';
import { retryAfterS } from './headers.js';
import type { Target } from './parts.js';

/** A host that asks for more patience than this is not asked again, unless the request has a budget that allows it. */
export const PATIENCE_MS = 10_000;
const BACKOFF_MS = 200;

interface Tried {
  target: Target;
  /** null: it may not be asked again. */
  waitMs: number | null;
}

/** Whom to ask next: each target once, best first; then again those that were away for a moment. */
export class TargetOrder {
  private next = 0;
  /** Was taken before its turn. */
  private taken: Target | null = null;
  private tried: Tried[] = [];

  constructor(
    private readonly targets: readonly Target[],
    private readonly random: () => number = Math.random,
  ) {}

  /** null: nobody is left. */
  take(): { target: Target; waitMs: number } | null {
    let target = this.targets[this.next];
    if (target !== undefined && target === this.taken) target = this.targets[++this.next];
    if (target !== undefined) {
      this.next++;
      return { target, waitMs: 0 };
    }
    const again = this.tried.find((one) => one.waitMs !== null);
    if (again?.waitMs == null) return null;
    this.tried = this.tried.filter((one) => one !== again);
    return { target: again.target, waitMs: again.waitMs };
  }

  /** The best that fits of those that were not taken yet, before its turn; once for each request. null: none fits. */
  takeOne(fits: (target: Target) => boolean): Target | null {
    for (let at = this.next; at < this.targets.length; at++) {
      const target = this.targets[at];
      if (target !== undefined && fits(target)) return (this.taken = target);
    }
    return null;
  }

  /**
   * Full jitter: those who were sent away together do not come back together.
   * @param patienceMs that there is for a host that says when it may be asked again
   */
  failed(
    target: Target,
    { outcome, reply, retryAfter }: Failure,
    attempts: number,
    nowMs: number,
    patienceMs = PATIENCE_MS,
  ): void {
    const isAway = outcome === 'refused' || outcome === 'reset';
    const isBusy = reply?.status === 429 || reply?.status === 503;
    const askedMs = (retryAfterS(retryAfter, nowMs) ?? 0) * 1_000;
    const jitterMs = this.random() * BACKOFF_MS * 2 ** attempts;
    const mayAgain = (isAway || isBusy) && askedMs <= patienceMs;
    this.tried.push({ target, waitMs: mayAgain ? askedMs + jitterMs : null });
  }
}
