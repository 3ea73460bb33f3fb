'use client';
import { useMemo, useState } from 'react';
import { Button } from '../ui/controls';
import { highlightJson, type TokenKind } from './json';

const COLOUR: Record<TokenKind, string> = {
  key: 'text-accent',
  text: 'text-ready',
  number: 'text-busy',
  word: 'text-own',
  plain: '',
};
/** More is drawn only when it is asked for: each piece of JSON is an element of the page. */
const FIRST_CHARS = 40_000;

/** JSON in colours, also where it is cut. */
export function Code({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const tokens = useMemo(() => highlightJson(whole ? text : text.slice(0, FIRST_CHARS)), [text, whole]);
  return (
    <>
      <pre
        tabIndex={0}
        className="mt-2 overflow-x-auto rounded-lg border bg-bg p-3 font-mono text-xs leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]"
      >
        {tokens.map(({ kind, text: piece }, i) => (
          <span key={i} className={COLOUR[kind]}>
            {piece}
          </span>
        ))}
      </pre>
      {!whole && text.length > FIRST_CHARS && (
        <Button className="mt-2" onClick={() => setWhole(true)}>
          Show all of it
        </Button>
      )}
    </>
  );
}
