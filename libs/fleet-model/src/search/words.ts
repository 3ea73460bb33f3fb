/** Scripts that put no spaces between words: each character is a word of its own, and a word a row of them. */
export const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`;
/** What words are made of; all else stands between them. */
export const OF_WORDS = String.raw`\p{L}\p{N}\p{M}`;
const WORD = new RegExp(`(?=[${OF_WORDS}])[${UNSPACED}]|(?:(?![${UNSPACED}])[${OF_WORDS}])+`, 'gu');

/** Longer ones (base64, hashes) are known by so many of their first characters. */
const LONGEST_WORD = 100;
const HALF_PAIR_AT_END = /[\uD800-\uDBFF]$/;

/**
 * The words of a text as a search knows them, in order: small letters and digits only. `get_weather` and `src/app.ts`
 * are two and three of them, so that each part of a name is found, and the whole as a phrase.
 */
export function* wordsOf(text: string): Generator<string> {
  for (const [word] of text.matchAll(WORD))
    yield word.slice(0, LONGEST_WORD).replace(HALF_PAIR_AT_END, '').normalize('NFC').toLowerCase();
}
