/** Who goes one after the other. */
export class Queue {
  private readonly tails = new Map<string, Promise<unknown>>();

  /** Whether whoever comes now has to wait. */
  isTaken(lane: string): boolean {
    return this.tails.has(lane);
  }

  /**
   * Runs it once all that came before it in its lane have ended; at once where there is no lane.
   * @param signal whoever is not wanted any more leaves the queue; others keep their order
   */
  async run(lane: string | null, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    if (lane === null) return work();
    const before = this.tails.get(lane);
    const mine = (async () => {
      if (before) await Promise.race([before, aborted(signal)]);
      if (!signal.aborted) await work();
    })();
    const tail = Promise.allSettled([before, mine]);
    this.tails.set(lane, tail);
    await tail;
    if (this.tails.get(lane) === tail) this.tails.delete(lane);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
