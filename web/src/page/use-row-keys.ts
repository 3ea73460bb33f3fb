'use client';
import { useEffect, useRef } from 'react';
import { isTaken } from '../browser/keys';

interface RowKeys {
  move: (by: number) => void;
  first: () => void;
  last: () => void;
  open: () => void;
}

const PAGE_OF_ROWS = 20;

const ACTS: Readonly<Record<string, (keys: RowKeys) => void>> = {
  j: ({ move }) => move(1),
  k: ({ move }) => move(-1),
  ArrowDown: ({ move }) => move(1),
  ArrowUp: ({ move }) => move(-1),
  PageDown: ({ move }) => move(PAGE_OF_ROWS),
  PageUp: ({ move }) => move(-PAGE_OF_ROWS),
  Home: ({ first }) => first(),
  End: ({ last }) => last(),
  Enter: ({ open }) => open(),
};

/** Moves over the rows of the page's list. External system: the keyboard, wherever on the page the focus is. */
export function useRowKeys(keys: RowKeys): void {
  const newest = useRef(keys);
  useEffect(() => {
    newest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const act = Object.hasOwn(ACTS, event.key) ? ACTS[event.key] : undefined;
      if (!act || isTaken(event)) return;
      act(newest.current);
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
