import { MeasureError } from '../errors.js';
import type { Random } from '../stats/random.js';
import { wordsFrom } from './words.js';

/** How a host counts the tokens of prompts. */
export interface Counter {
  /** Of a text alone; null: the host does not offer that. */
  text(text: string): Promise<number | null>;
  /** Of a whole prompt, its template included, as the host counts it when it is sent. */
  prompt(text: string): Promise<number>;
}

/** How the lengths of prompts were come by. */
export interface Calibration {
  method: 'tokenizer' | 'requests';
  /** Tokens of a prompt that are not of its text: the template, and marks at the beginning. */
  templateTokens: number;
  tokensPerWord: number;
}

/** Words of the two texts that tell how the host counts where it has no tokenizer to ask. */
const PROBES = [40, 240] as const;
const TRIES = 12;
/** One token in nearly every vocabulary. */
const FILLER = ' a';

/**
 * How long prompts become on this host: by its tokenizer and one request, or by two requests of different lengths.
 * Nothing is assumed of how many characters a token has.
 * @throws what `counter` throws
 */
export async function calibrate(counter: Counter, random: Random): Promise<Calibration> {
  const [short, long] = PROBES.map((words) => textOf(words, random));
  if (short === undefined || long === undefined) throw new RangeError('two probes');
  const [ofShort, ofLong] = [await counter.text(short), await counter.text(long)];
  if (ofShort !== null && ofLong !== null) {
    // The short one is sent: a model with a small vocabulary or a small context has no room for the other.
    const templateTokens = Math.max(0, (await counter.prompt(short)) - ofShort);
    return { method: 'tokenizer', templateTokens, tokensPerWord: Math.max(0.01, ofLong / PROBES[1]) };
  }
  const [few, many] = [await counter.prompt(short), await counter.prompt(long)];
  const tokensPerWord = (many - few) / (PROBES[1] - PROBES[0]);
  if (!(tokensPerWord > 0))
    throw new MeasureError(
      'model_failed',
      `A text of ${PROBES[1]} words counts ${many} tokens and one of ${PROBES[0]} words ${few}: lengths of prompts cannot be told by that.`,
    );
  return {
    method: 'requests',
    templateTokens: Math.max(0, Math.round(few - tokensPerWord * PROBES[0])),
    tokensPerWord,
  };
}

/**
 * A text that makes a prompt of so many tokens, its template included; it begins with `before`. With a tokenizer it is
 * fitted: whole words first, then the rest in the shortest ones. Without, it is as long as the calibration says.
 * @throws {MeasureError} `bad_suite` when the template alone is longer
 */
export async function textOfTokens(
  asked: number,
  { before = '', counter, calibration, random }: TextOptions,
): Promise<string> {
  const { templateTokens, tokensPerWord, method } = calibration;
  const wanted = asked - templateTokens;
  if (wanted < 1)
    throw new MeasureError(
      'bad_suite',
      `A prompt of ${asked} tokens is not possible: the template of the model takes ${templateTokens}.`,
    );
  const source = wordsFrom(random);
  const words: string[] = [];
  const text = (count: number, fillers: number): string => {
    while (words.length < count) words.push(source.next().value);
    return `${before}${words.slice(0, count).join('')}${FILLER.repeat(fillers)}`;
  };
  let count = Math.max(0, Math.round(wanted / tokensPerWord - wordsIn(before)));
  let best = { text: text(count, 0), off: Infinity };
  if (method === 'requests') return best.text;
  const missing = async (fillers: number): Promise<number | null> => {
    const fitted = text(count, fillers);
    const tokens = await counter.text(fitted);
    if (tokens === null) return null;
    const off = wanted - tokens;
    if (Math.abs(off) < Math.abs(best.off)) best = { text: fitted, off };
    return off;
  };
  // Whole words until few tokens are missing and none is too much.
  let rest = await missing(0);
  for (let tried = 0; tried < TRIES && rest !== null; tried += 1) {
    const isShort = rest > 2 * tokensPerWord + 2;
    if (!isShort && (rest >= 0 || count === 0)) break;
    count = Math.max(
      0,
      count + (isShort ? Math.floor(rest / tokensPerWord) : Math.floor(rest / tokensPerWord) - 1),
    );
    rest = await missing(0);
  }
  if (rest === null || rest <= 0) return best.text;
  const left = await missing(rest);
  // Here a filler is of more tokens than one, or of less.
  if (left !== null && left !== 0 && left < rest) await missing(Math.round(rest ** 2 / (rest - left)));
  return best.text;
}

export interface TextOptions {
  before?: string;
  counter: Counter;
  calibration: Calibration;
  random: Random;
}

function textOf(words: number, random: Random): string {
  const source = wordsFrom(random);
  return Array.from({ length: words }, () => source.next().value)
    .join('')
    .trimStart();
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}
