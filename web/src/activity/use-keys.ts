'use client';
import { useEffect, useRef } from 'react';
import { isTaken } from '../browser/keys';

interface FeedKeys {
  move: (by: number) => void;
  open: () => void;
  filter: () => void;
  close: () => void;
  pause: () => void;
}

const PAGE_OF_ROWS = 20;

function act(keys: FeedKeys, key: string): boolean {
  switch (key) {
    case 'j':
    case 'ArrowDown':
      keys.move(1);
      return true;
    case 'k':
    case 'ArrowUp':
      keys.move(-1);
      return true;
    case 'PageDown':
      keys.move(PAGE_OF_ROWS);
      return true;
    case 'PageUp':
      keys.move(-PAGE_OF_ROWS);
      return true;
    case 'Enter':
      keys.open();
      return true;
    case '/':
      keys.filter();
      return true;
    case 'Escape':
      keys.close();
      return true;
    case ' ':
      keys.pause();
      return true;
    default:
      return false;
  }
}

/** External system: the keyboard, wherever on the page the focus is. */
export function useFeedKeys(keys: FeedKeys): void {
  const newest = useRef(keys);
  useEffect(() => {
    newest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isTaken(event) && act(newest.current, event.key)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
