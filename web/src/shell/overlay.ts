/** What lies over the whole cockpit, whichever page is below: one at a time. */
export type Overlay = 'palette' | 'keys';

let open: Overlay | null = null;
const listeners = new Set<() => void>();

export const overlay = {
  get: (): Overlay | null => open,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  show(next: Overlay | null): void {
    open = next;
    for (const listener of listeners) listener();
  },
};
