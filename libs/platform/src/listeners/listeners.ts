/** Functions that are called one after the other, in the order in which they were added. */
export class Listeners<A extends unknown[]> {
  private readonly listeners = new Set<(...args: A) => void>();

  /** Returns what removes the listener. */
  add(listener: (...args: A) => void): () => void {
    const own = (...args: A): void => listener(...args);
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  /** @throws whatever a listener throws; those behind it are then not called */
  call(...args: A): void {
    for (const listener of this.listeners) listener(...args);
  }
}
