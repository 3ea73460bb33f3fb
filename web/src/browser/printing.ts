'use client';
import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** True while the page is printed: paper has no scrollbar, so all that is loaded must be in the page. */
export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  // External system: the browser takes its picture of the page as soon as the event is over.
  useEffect(() => {
    const begin = (): void => flushSync(() => setPrinting(true));
    const end = (): void => setPrinting(false);
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  return printing;
}
