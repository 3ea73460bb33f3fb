'use client';
import { useEffect, useRef } from 'react';

/** What takes every key for itself: fields, menus, lists of choices, dialogs and panels that hold the focus. */
const TAKES_ALL =
  'input, select, textarea, [contenteditable=true], [role=menu], [role=listbox], [data-takes-keys]';

/** Whether a key that was pressed anywhere on the page belongs to what has the focus, or is no key for us at all. */
export function isTaken(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return true;
  if (!(target instanceof Element)) return false;
  if (target.closest(TAKES_ALL)) return true;
  if (target.closest('button, a, summary') && (key === 'Enter' || key === ' ')) return true;
  // A drawer leaves the page in use, but scrolls by these.
  return target.closest('[role=dialog]') !== null && /^(Arrow|Page| |Enter|Home|End)/.test(key);
}

/**
 * What keys do, by their name (KeyboardEvent.key), while what has the focus leaves them to the page. External system:
 * the keyboard, wherever on the page the focus is.
 */
export function useKeys(acts: Readonly<Record<string, () => void>>): void {
  const newest = useRef(acts);
  useEffect(() => {
    newest.current = acts;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const act = Object.hasOwn(newest.current, event.key) ? newest.current[event.key] : undefined;
      if (!act || isTaken(event)) return;
      act();
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

const PAGE_OF_ROWS = 20;

/** The keys that go over the rows of a list. @param move by so many rows, up when negative */
export function rowKeys(move: (by: number) => void): Record<string, () => void> {
  const on = (): void => move(1);
  const back = (): void => move(-1);
  return {
    j: on,
    k: back,
    ArrowDown: on,
    ArrowUp: back,
    PageDown: () => move(PAGE_OF_ROWS),
    PageUp: () => move(-PAGE_OF_ROWS),
  };
}
