import type { FoundText } from '@boocontrol/contracts';
import type { CaptureText } from '../bodies/capture-text.js';
import { hitsIn, type Hit } from './hits.js';
import type { TextQuery } from './text-query.js';

/** Of the piece that is shown, in UTF-16 units: what stands before the first hit, and all of it. */
const BEFORE = 40;
const LENGTH = 200;

/** The piece of a text where most of what is looked for stands together: of the answer before the prompt, the first. */
export function foundIn({ prompt, answer }: CaptureText, query: TextQuery): FoundText {
  const pieces = [bestPiece('answer', answer, query), bestPiece('prompt', prompt, query)];
  const [inAnswer, inPrompt] = pieces as [Piece, Piece];
  const { in: where, text, hits } = inPrompt.score > inAnswer.score ? inPrompt : inAnswer;
  return { in: where, parts: partsOf(text, hits) };
}

interface Piece {
  in: FoundText['in'];
  text: string;
  hits: readonly Hit[];
  /** How many different things of those looked for are in the piece. */
  score: number;
}

function bestPiece(where: FoundText['in'], text: string, query: TextQuery): Piece {
  const hits = hitsIn(text, query);
  let best: readonly Hit[] = [];
  let score = 0;
  for (const [n, { from }] of hits.entries()) {
    let end = n;
    while ((hits[end]?.to ?? Infinity) <= from + LENGTH - BEFORE) end++;
    const within = hits.slice(n, end);
    const different = new Set(within.map(({ what }) => what)).size;
    if (different > score) [best, score] = [within, different];
  }
  return { in: where, text, hits: best, score };
}

function partsOf(text: string, hits: readonly Hit[]): FoundText['parts'] {
  const start = wordStart(text, Math.max(0, (hits[0]?.from ?? 0) - BEFORE), hits[0]?.from ?? 0);
  const end = Math.max(Math.min(text.length, start + LENGTH), hits.at(-1)?.to ?? 0);
  const parts: FoundText['parts'] = [];
  const add = (from: number, to: number, hit: boolean): void => {
    const piece = text
      .slice(from, to)
      .replace(/\s+/g, ' ')
      .replace(/\p{Surrogate}/gu, '');
    if (piece !== '') parts.push({ text: piece, hit });
  };
  let at = start;
  for (const { from, to } of hits) {
    add(at, from, false);
    add(from, to, true);
    at = to;
  }
  add(at, end, false);
  if (start > 0) parts.unshift({ text: '… ', hit: false });
  if (end < text.length) parts.push({ text: ' …', hit: false });
  return parts;
}

/** Where a word begins at or after a place, and before the other; else the place itself. */
function wordStart(text: string, at: number, before: number): number {
  if (at === 0) return 0;
  const space = text.slice(at, before).search(/\s/);
  return space === -1 ? at : at + space + 1;
}
