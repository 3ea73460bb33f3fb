'use client';
import { useEffect, useRef } from 'react';

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

/** Keys that belong to what has the focus: fields and buttons keep theirs, a drawer keeps its arrows and pages. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, select, textarea, dialog, [popover]')) return true;
  if (target.closest('button, a, summary') && (key === 'Enter' || key === ' ')) return true;
  return target.closest('[role=dialog]') !== null && /^(Arrow|Page| |Enter)/.test(key);
}

/** External system: the keyboard, wherever on the page the focus is. */
export function useFeedKeys(keys: FeedKeys): void {
  const newest = useRef(keys);
  useEffect(() => {
    newest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTaken(event)) return;
      if (act(newest.current, event.key)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
