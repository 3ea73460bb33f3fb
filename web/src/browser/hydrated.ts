'use client';
import { useSyncExternalStore } from 'react';

const never = (): (() => void) => () => undefined;

/**
 * False while the page is made ahead of time and while React takes that over. What depends on the address, the clock
 * or the live state begins after it, or it would first ask for what an empty address and the year 1970 mean.
 */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
