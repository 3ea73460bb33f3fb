/** A flag that one loop waits for; raising it while nobody waits is remembered once. */
export class Wake {
  private raised = false;
  private ring: (() => void) | null = null;

  raise(): void {
    this.raised = true;
    this.ring?.();
  }

  /** Resolves when raised, after `ms`, or when the signal fires; true when raised. Never rejects. For one waiter. */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.raised && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          this.ring = null;
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener('abort', done, { once: true });
        this.ring = done;
      });
    }
    const was = this.raised;
    this.raised = false;
    return was;
  }
}

/** A controller that also aborts with its parent. */
export function scopeOf(parent: AbortSignal): AbortController {
  const scope = new AbortController();
  if (parent.aborted) scope.abort(parent.reason);
  else
    parent.addEventListener('abort', () => scope.abort(parent.reason), { once: true, signal: scope.signal });
  return scope;
}

/**
 * Runs tasks side by side until one ends: then the scope is aborted, which all of them have to heed, and they are waited
 * for. Rejects with what ended first; resolves when that ended well.
 */
export async function untilFirstEnds(
  scope: AbortController,
  tasks: readonly ((signal: AbortSignal) => Promise<unknown>)[],
): Promise<void> {
  const running = tasks.map((task) => task(scope.signal));
  try {
    await Promise.race(running);
  } finally {
    scope.abort(new Error('another part of the connection ended'));
    await Promise.allSettled(running);
  }
}
