import { wordsOf, type CaptureText, type Phrase, type TextQuery } from '@boocontrol/fleet-model';

/**
 * Words and searches as PostgreSQL's tsvector and tsquery take them, made here and not by its parser: that reads
 * `src/app.ts` as one word, knows small letters only of the database's own language, and gives up on what is too long.
 * Words are letters and digits, so nothing in them has a meaning of its own within the quotes.
 */

/** PostgreSQL takes positions up to 16,383. Longer texts begin again at 1: no phrase is missed, though now and then one is found that is none. */
const POSITIONS = 16_000;
/** PostgreSQL keeps no more of one word. */
const POSITIONS_OF_WORD = 255;
/** PostgreSQL takes 1,048,575 bytes; words behind that are not found. */
const MOST_BYTES = 1_000_000;
/** How many positions a word has, and where they begin in memory. */
const BYTES_OF_WORD = 4;
const BYTES_OF_POSITION = 2;

/** As text of a tsvector. Answer first: of what is too long, the end of the prompt goes. */
export function toTsVector({ prompt, answer }: CaptureText): string {
  const places = new Map<string, number[]>();
  let at = 0;
  let bytes = 0;
  for (const text of [answer, prompt]) {
    for (const word of wordsOf(text)) {
      let positions = places.get(word);
      if (!positions) {
        bytes += Buffer.byteLength(word) + BYTES_OF_WORD;
        positions = [];
        places.set(word, positions);
      }
      if (positions.length < POSITIONS_OF_WORD) {
        bytes += BYTES_OF_POSITION;
        positions.push((at % POSITIONS) + 1);
      }
      at++;
      if (bytes > MOST_BYTES) break;
    }
    // No phrase goes from the one into the other.
    at++;
  }
  return [...places].map(([word, positions]) => `'${word}':${positions.join(',')}`).join(' ');
}

/** As text of a tsquery. */
export function toTsQuery({ any }: Extract<TextQuery, { ok: true }>): string {
  return any
    .map(({ phrases, without }) =>
      [...phrases.map(row), ...without.map((words) => `!${row(words)}`)].join(' & '),
    )
    .join(' | ');
}

const row = (words: Phrase): string => `(${words.map((word) => `'${word}'`).join(' <-> ')})`;
