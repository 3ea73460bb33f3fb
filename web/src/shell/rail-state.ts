const KEY = 'boo-rail';
const listeners = new Set<() => void>();

/** Whether the rail shows icons only; remembered in this browser. */
export const railFolded = {
  get: (): boolean => localStorage.getItem(KEY) === 'folded',
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  toggle(): void {
    localStorage.setItem(KEY, railFolded.get() ? 'open' : 'folded');
    for (const listener of listeners) listener();
  },
};
