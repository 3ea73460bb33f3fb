'use client';
import { useEffect, useRef, useState } from 'react';
import type { SetQuery } from '../browser/query';
import { FilterField } from '../page/FilterField';
import { withText } from './filters';

/** Nothing more is typed for so long: it is asked for. */
const TYPED_MS = 500;

/** What captured prompts and answers say. */
export function TextSearch({ text, setQuery }: { text: string; setQuery: SetQuery }) {
  const [typed, setTyped] = useState(text);
  const [seen, setSeen] = useState(text);
  const [sent, setSent] = useState(text);
  if (seen !== text) {
    setSeen(text);
    // The address was changed elsewhere; what was sent from here may have been typed on since.
    if (text !== sent) {
      setTyped(text);
      setSent(text);
    }
  }
  const isNew = typed.trim() !== text;
  const send = (): void => {
    setSent(typed.trim());
    setQuery(withText(typed), true);
  };
  const newest = useRef(send);
  // External system: the clock.
  useEffect(() => {
    newest.current = send;
  });
  useEffect(() => {
    if (!isNew) return undefined;
    const timer = setTimeout(() => newest.current(), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, isNew]);
  return (
    <FilterField
      label="Text in prompts and answers"
      value={typed}
      onChange={setTyped}
      onEnter={() => isNew && send()}
      hasKey={false}
    />
  );
}
