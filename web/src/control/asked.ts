import type { ActionRequest } from '@boocontrol/contracts';

/** What is about to be done with a host, and is asked about first. */
export type Asked =
  | { what: 'action'; request: ActionRequest }
  | { what: 'profile'; providerId: string }
  | { what: 'maintenance'; providerId: string }
  | { what: 'take-over'; providerId: string };

let current: Asked | null = null;
const listeners = new Set<() => void>();

/** One dialog at a time, over whatever page is shown. */
export const asked = {
  get: (): Asked | null => current,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  show(next: Asked | null): void {
    current = next;
    for (const listener of listeners) listener();
  },
};

export const askFor = (request: ActionRequest): void => asked.show({ what: 'action', request });
