'use client';
import { useCallback, useSyncExternalStore } from 'react';
import { readersOf } from './readers';

/** Choices of this browser, kept in localStorage under a key; every reader on the page and every other tab follows. */
const { tell, subscribe } = readersOf('storage');

/** A browser that refuses its storage keeps the choice for as long as the page is open. */
const unstored = new Map<string, string>();

export function keep(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    if (value === null) unstored.delete(key);
    else unstored.set(key, value);
  }
  tell();
}

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? unstored.get(key) ?? null;
  } catch {
    return unstored.get(key) ?? null;
  }
}

const nothing = (): null => null;

/** The kept text; null: none was kept, or the page is made ahead of time. */
export function useKeptChoice(key: string): [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(subscribe, () => kept(key), nothing);
  return [value, useCallback((next: string | null) => keep(key, next), [key])];
}
