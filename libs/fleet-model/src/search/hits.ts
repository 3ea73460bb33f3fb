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
  const pattern = query.ok ? patternOf(query) : null;
  const hits: Hit[] = [];
  for (const match of pattern === null ? [] : text.matchAll(pattern)) {
    hits.push({ from: match.index, to: match.index + match[0].length, what: match[0].toLowerCase() });
    if (hits.length === MOST_HITS) break;
  }
  return hits;
}

const SPACED = `(?![${UNSPACED}])[${OF_WORDS}]`;
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');

/** Words have nothing in them that a regular expression takes for more than itself. */
function patternOf({ any }: Extract<TextQuery, { ok: true }>): RegExp {
  const phrases = any
    .flatMap((wanted) => wanted.phrases)
    .map((words) => {
      const [start, end] = [words[0], words.at(-1) ?? ''].map((word) => IS_UNSPACED.test(word));
      const text = words.join(`[^${OF_WORDS}]*`);
      return `${start ? '' : `(?<!${SPACED})`}${text}${end ? '' : `(?!${SPACED})`}`;
    });
  // What is longer goes first: "a b" is one hit where both `a` and "a b" are looked for.
  return new RegExp(phrases.toSorted((a, b) => b.length - a.length).join('|'), 'giu');
}
