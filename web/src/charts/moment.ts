import { createContext, useContext, useSyncExternalStore } from 'react';

/** The moment that the crosshair of a stack of charts is at; null: it is nowhere. */
export interface Moment {
  get: () => number | null;
  set: (ms: number | null) => void;
  subscribe: (listener: () => void) => () => void;
}

export function createMoment(): Moment {
  let ms: number | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => ms,
    set(next) {
      if (next === ms) return;
      ms = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** One for each stack: only what reads it is drawn anew when the pointer moves. */
export const MomentContext = createContext<Moment>(createMoment());

export function useMoment(): number | null {
  const moment = useContext(MomentContext);
  return useSyncExternalStore(moment.subscribe, moment.get, () => null);
}
