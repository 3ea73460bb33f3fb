'use client';
import { createElement, useMemo, type ReactNode } from 'react';
import { codeTokens, languageOf } from './code-tokens';
import { Coloured } from './Coloured';
import { readMarkdown, type Piece, type Tag } from './read-markdown';
import { PlainText } from './PlainText';

const HEADING = 'mt-3 mb-1 font-semibold first:mt-0';
const LOOK: Partial<Record<Tag, string>> = {
  p: 'my-2 first:mt-0 last:mb-0',
  h1: `${HEADING} text-lg`,
  h2: `${HEADING} text-base`,
  ul: 'my-2 list-disc pl-6 [li>&]:my-0',
  ol: 'my-2 list-decimal pl-6 [li>&]:my-0',
  blockquote: 'my-2 border-l-2 border-line-strong pl-3 text-fg2',
  pre: 'my-2 overflow-x-auto rounded border bg-bg px-3 py-2 font-mono text-xs leading-5',
  code: 'rounded bg-bg px-1 font-mono text-xs',
  table: 'my-2 block max-w-full overflow-x-auto text-xs',
  th: 'border px-2 py-1 text-left font-medium',
  td: 'border px-2 py-1',
  hr: 'my-3',
  a: 'text-accent underline',
};
/** The headings of a message are not those of the page. */
const AS: Partial<Record<Tag, string>> = { h1: 'p', h2: 'p', h3: 'p', h4: 'p', h5: 'p', h6: 'p' };
const VOID = new Set<Tag>(['hr', 'br']);
const ELSEWHERE = { target: '_blank', rel: 'noopener noreferrer nofollow' };

/** Text of a conversation as Markdown. Import it lazily: it comes with the parser. */
export default function Markdown({ text }: { text: string }) {
  const pieces = useMemo(() => readMarkdown(text), [text]);
  if (!pieces) return <PlainText text={text} />;
  return <div className="text-sm leading-6 [overflow-wrap:anywhere]">{draw(pieces)}</div>;
}

function coloured(children: readonly Piece[], language: string): ReactNode {
  const text = children.filter((child) => typeof child === 'string').join('');
  return <Coloured key="code" tokens={codeTokens(text, languageOf(language))} />;
}

/** Elements of a fixed set with attributes of ours: nothing of the text can be more than text. */
function draw(pieces: readonly Piece[]): ReactNode[] {
  return pieces.map((piece, key) => {
    if (typeof piece === 'string') return piece;
    const { tag, href, start, language, children } = piece;
    const props = {
      key,
      className: LOOK[tag] ?? (AS[tag] ? HEADING : undefined),
      ...(href === undefined ? {} : { href, ...ELSEWHERE }),
      ...(start === undefined ? {} : { start }),
      // Wider than its box, it is scrolled by keyboard too.
      ...(tag === 'pre' ? { tabIndex: 0 } : {}),
    };
    return createElement(
      AS[tag] ?? tag,
      props,
      ...(VOID.has(tag) ? [] : language === undefined ? draw(children) : [coloured(children, language)]),
    );
  });
}
