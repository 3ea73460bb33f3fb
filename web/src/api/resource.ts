'use client';
import { useCallback, useSyncExternalStore } from 'react';
import { api } from './client';

/** What is known of one GET: its newest answer stays while it is asked again. */
export interface Resource<T> {
  data: T | null;
  error: Error | null;
  loading: boolean;
}
const EMPTY: Resource<never> = { data: null, error: null, loading: true };

interface Entry {
  value: Resource<unknown>;
  listeners: Set<() => void>;
  load: () => void;
  timer: ReturnType<typeof setInterval> | null;
}
const entries = new Map<string, Entry>();

type Load = (path: string) => Promise<unknown>;

function entryOf(path: string, load: Load): Entry {
  const known = entries.get(path);
  if (known) return known;
  const set = (value: Resource<unknown>): void => {
    entry.value = value;
    for (const listener of entry.listeners) listener();
  };
  const entry: Entry = {
    value: EMPTY,
    listeners: new Set(),
    timer: null,
    load: () => {
      load(path).then(
        (data) => set({ data, error: null, loading: false }),
        (error: Error) => set({ ...entry.value, error, loading: false }),
      );
    },
  };
  entries.set(path, entry);
  return entry;
}

/** Asks again now, whoever shows it. */
export function refresh(path: string): void {
  entries.get(path)?.load();
}

/** Paths nobody shows are forgotten past this many, oldest first. */
const REMEMBERED = 50;
function forget(): void {
  for (const [path, { listeners }] of entries) {
    if (entries.size <= REMEMBERED) return;
    if (listeners.size === 0) entries.delete(path);
  }
}

/**
 * GET of a path under /api, shared by all who show it, asked once and then every `everyMs`.
 * null as path asks nothing.
 * @param load how it is asked, and the same for all who show a path: one request, unless said otherwise
 */
export function useResource<T>(
  path: string | null,
  everyMs?: number,
  load: (path: string) => Promise<T> = api,
): Resource<T> {
  const subscribe = useCallback(
    (listener: () => void) =>
      path === null ? () => undefined : follow(entryOf(path, load), everyMs, listener),
    [path, everyMs, load],
  );
  return useSyncExternalStore(
    subscribe,
    () => (path === null ? EMPTY : entryOf(path, load).value) as Resource<T>,
    () => EMPTY as Resource<T>,
  );
}

function follow(entry: Entry, everyMs: number | undefined, listener: () => void): () => void {
  entry.listeners.add(listener);
  if (entry.listeners.size === 1) {
    entry.load();
    if (everyMs) entry.timer = setInterval(entry.load, everyMs);
  }
  return () => {
    entry.listeners.delete(listener);
    if (entry.listeners.size > 0) return;
    if (entry.timer) clearInterval(entry.timer);
    entry.timer = null;
    forget();
  };
}
