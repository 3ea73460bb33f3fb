/** The readers of something that the page changes itself, and of whose other changes an event of the window tells. */
export function readersOf(eventName: 'storage' | 'popstate') {
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    tell,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      if (listeners.size === 1) addEventListener(eventName, tell);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) removeEventListener(eventName, tell);
      };
    },
  };
}
