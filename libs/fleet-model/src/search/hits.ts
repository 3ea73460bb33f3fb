import type { TextQuery } from './text-query.js';
import { OF_WORDS, UNSPACED } from './words.js';

/** Where it is in a text, in UTF-16 units. */
export interface Hit {
  from: number;
  to: number;
  /** The same for two hits of the same words. */
  what: string;
}

/** Enough to mark what is shown, and to choose what to show. */
const MOST_HITS = 500;

/** Where a text has what a search looks for, in order: to be marked. Which text is a hit at all is for the database to say. */
export function hitsIn(text: string, query: TextQuery): Hit[] {
  const hits: Hit[] = [];
  for (const match of query.ok ? text.matchAll(patternOf(query)) : []) {
    const [from, to] = [match.index, match.index + match[0].length];
    if (isWithinWord(text, from) || isWithinWord(text, to)) continue;
    hits.push({ from, to, what: match[0].toLowerCase() });
    if (hits.length === MOST_HITS) break;
  }
  return hits;
}

const JOINED = new RegExp(`^(?:(?![${UNSPACED}])[${OF_WORDS}]){2}$`, 'u');

/** Whether the characters before and after a place belong to one word. */
function isWithinWord(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 2), at);
  const after = text.codePointAt(at);
  if (before === '' || after === undefined) return false;
  return JOINED.test((Array.from(before).at(-1) ?? '') + String.fromCodePoint(after));
}

/** Words have nothing in them that a regular expression takes for more than itself. */
function patternOf({ any }: Extract<TextQuery, { ok: true }>): RegExp {
  const phrases = any.flatMap((wanted) => wanted.phrases).map((words) => words.join(`[^${OF_WORDS}]*`));
  // What is longer goes first: "a b" is one hit where both `a` and "a b" are looked for.
  return new RegExp(phrases.toSorted((a, b) => b.length - a.length).join('|'), 'giu');
}
