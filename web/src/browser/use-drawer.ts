'use client';
import { useCallback } from 'react';
import { changedQuery, openedBy, useQuery, type SetQuery } from './query';

interface DrawerAddress {
  /** What the drawer shows; null: it is closed. */
  opened: string | null;
  open: (value: string) => void;
  /** Shows another thing in the open drawer, without a step in the browser's history. */
  swap: (value: string) => void;
  close: () => void;
}

const NONE: readonly string[] = [];

/** Going back takes a moment; a second request to close in it must not go back further. */
let leaving = false;

function leave(): void {
  if (leaving) return;
  leaving = true;
  addEventListener('popstate', () => (leaving = false), { once: true });
  history.back();
}

function shut(param: string, owned: readonly string[], setQuery: SetQuery): void {
  if (!new URLSearchParams(location.search).has(param)) return;
  const mark = openedBy();
  const gone = Object.fromEntries([param, ...owned].map((name) => [name, null]));
  if (mark?.param === param && mark.before === changedQuery(location.search, gone)) leave();
  else setQuery(gone, true);
}

/**
 * A drawer whose content is named by a parameter of the address: a reload opens it again, the back button closes it.
 * Closing it takes back the step that opened it, where nothing else has changed since, so that "back" does not open it
 * again.
 * @param owned parameters that only the drawer's content reads; they go with it. The same array at every render.
 */
export function useDrawer(param: string, owned: readonly string[] = NONE): DrawerAddress {
  const [query, setQuery] = useQuery();
  const opened = query.get(param);
  const swap = useCallback((value: string) => setQuery({ [param]: value }, true), [param, setQuery]);
  const open = useCallback(
    (value: string) => {
      const before = changedQuery(location.search, {});
      if (new URLSearchParams(before).has(param)) swap(value);
      else setQuery({ [param]: value }, false, { param, before });
    },
    [param, setQuery, swap],
  );
  const close = useCallback(() => shut(param, owned, setQuery), [param, owned, setQuery]);
  return { opened, open, swap, close };
}
