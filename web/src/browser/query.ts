'use client';
import { useCallback, useSyncExternalStore } from 'react';
import { readersOf } from './readers';

/** What the address bar says, as a store: drawers and filters live there, so that they can be linked to and gone back from. */
const { tell, subscribe } = readersOf('popstate');

export type Change = Readonly<Record<string, string | readonly string[] | null>>;

/** `text` with these parameters replaced; null and empty lists take one out. */
export function changedQuery(text: string, change: Change): string {
  const params = new URLSearchParams(text);
  for (const [name, value] of Object.entries(change)) {
    params.delete(name);
    for (const each of value === null ? [] : typeof value === 'string' ? [value] : value)
      params.append(name, each);
  }
  const made = params.toString();
  return made ? `?${made}` : '';
}

let parsed = { text: '', params: new URLSearchParams() };
function read(): URLSearchParams {
  if (parsed.text !== location.search)
    parsed = { text: location.search, params: new URLSearchParams(location.search) };
  return parsed.params;
}
const NOTHING = new URLSearchParams();

/**
 * The drawer that a step of the browser's history opened, and what the address said before it. It is kept in that
 * step, so that closing the drawer can take the step back.
 */
export interface OpenedBy {
  param: string;
  before: string;
}
const MARK = 'booOpened';
export const openedBy = (): OpenedBy | null =>
  (history.state as { [MARK]?: OpenedBy } | null)?.[MARK] ?? null;

/** `replace` keeps the step out of the browser's history. */
export type SetQuery = (change: Change, replace?: boolean, opened?: OpenedBy) => void;

/** Goes to an address of this page: another query, the same path. */
export function goWithin(url: string): void {
  history.pushState(null, '', url);
  tell();
}

export function useQuery(): [URLSearchParams, SetQuery] {
  const params = useSyncExternalStore(subscribe, read, () => NOTHING);
  const set = useCallback<SetQuery>((change, replace = false, opened) => {
    const url = `${location.pathname}${changedQuery(location.search, change)}`;
    // What the router keeps in the state is added by itself.
    if (replace) history.replaceState({ [MARK]: openedBy() }, '', url);
    else history.pushState(opened ? { [MARK]: opened } : null, '', url);
    tell();
  }, []);
  return [params, set];
}
