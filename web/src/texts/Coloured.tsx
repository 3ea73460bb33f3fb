import type { CodeKind, CodeToken } from './code-tokens';

const COLOUR: Readonly<Record<CodeKind, string>> = {
  comment: 'text-fg3 italic',
  text: 'text-ready',
  number: 'text-busy',
  word: 'text-own',
  name: 'text-accent',
  plain: '',
};

/** Pieces of code in their colours, in a line or in many. */
export function Coloured({ tokens }: { tokens: readonly CodeToken[] }) {
  return tokens.map(({ kind, text }, i) =>
    kind === 'plain' ? (
      text
    ) : (
      <span key={i} className={COLOUR[kind]}>
        {text}
      </span>
    ),
  );
}
