import { TEXT_QUERY_MAX_WORDS } from '@boocontrol/contracts';
import { wordsOf } from './words.js';

/** Words that stand next to each other. */
export type Phrase = readonly [string, ...string[]];

/** All of `phrases` and none of `without`. */
export interface Wanted {
  phrases: readonly [Phrase, ...Phrase[]];
  without: readonly Phrase[];
}

export type TextQuery =
  /** Any of these. */
  | { ok: true; any: readonly Wanted[] }
  /** A sentence. */
  | { ok: false; why: string };

const TOKEN = /(-?)"([^"]*)"?|(\S+)/g;

/** A search as people write it: words, "words next to each other", -without, this or that. */
export function readTextQuery(text: string): TextQuery {
  const alternatives: { phrases: Phrase[]; without: Phrase[] }[] = [{ phrases: [], without: [] }];
  let count = 0;
  for (const [, sign, quoted, plain] of text.matchAll(TOKEN)) {
    if (plain?.toLowerCase() === 'or') {
      alternatives.push({ phrases: [], without: [] });
      continue;
    }
    const [first, ...more] = wordsOf(quoted ?? plain ?? '');
    if (first === undefined) continue;
    count += 1 + more.length;
    const isWithout = sign === '-' || (plain?.startsWith('-') ?? false);
    alternatives.at(-1)?.[isWithout ? 'without' : 'phrases'].push([first, ...more]);
  }
  if (count === 0) return { ok: false, why: 'It names no word to look for.' };
  if (count > TEXT_QUERY_MAX_WORDS)
    return { ok: false, why: `It names more than ${TEXT_QUERY_MAX_WORDS} words.` };
  const any: Wanted[] = [];
  for (const { phrases, without } of alternatives) {
    const [first, ...more] = phrases;
    if (first !== undefined) any.push({ phrases: [first, ...more], without });
    else if (without.length > 0)
      return { ok: false, why: 'It says only what must not be there: name a word to look for as well.' };
  }
  return { ok: true, any };
}
