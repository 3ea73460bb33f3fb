import type { LongContextItem } from '@boocontrol/contracts';
import type { Hidden } from './needles.js';
import { sentences } from './prose.js';

const INTRODUCTION =
  'Below is a long text. Somewhere in it there are sentences about codes or parcels. Read it, then answer the question at its end.';
const TRIES = 8;
/** Nearer than this, as a part of the length, is near enough; what is asked for is 1 %. */
const NEAR = 0.004;

export interface LongPrompt {
  text: string;
  /** With the system prompt, as counted. */
  tokens: number;
}

/**
 * A prompt of the length of the item, with what is hidden where it belongs, both by the tokenizer of `countTokens`. A length that
 * cannot be reached gives the nearest one that was found.
 */
export async function longPrompt(
  item: Pick<LongContextItem, 'tokens' | 'depth' | 'seed'>,
  system: string,
  hidden: Hidden,
  countTokens: (text: string) => Promise<number>,
): Promise<LongPrompt> {
  const around = system === '' ? 0 : await countTokens(system);
  const source = new Prose(item.seed);
  let depth = item.depth;
  let words = Math.max(1, Math.round((item.tokens - around) / 1.3));
  let best: LongPrompt | undefined;
  // Of sentences that are alike none can be told from the others.
  let isPlaced = new Set(hidden.needles).size < hidden.needles.length;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const text = compose(source.take(words), hidden, depth);
    const tokens = around + (await countTokens(text));
    const off = item.tokens - tokens;
    if (best === undefined || isPlaced || Math.abs(off) <= Math.abs(item.tokens - best.tokens))
      best = { text, tokens };
    const perWord = Math.max(0.5, (tokens - around) / Math.max(1, words));
    if (Math.abs(off) <= Math.max(1, item.tokens * NEAR)) {
      const shift = isPlaced ? 0 : item.depth - (await depthOf(text, hidden, tokens - around, countTokens));
      isPlaced = true;
      if (Math.abs(shift) < NEAR || item.depth === 0 || item.depth === 1) break;
      depth = Math.min(1, Math.max(0, depth + shift));
    } else words = Math.max(1, words + (Math.round(off / perWord) || Math.sign(off)));
  }
  return best ?? { text: '', tokens: around };
}

/** The prose, its needles between its sentences, and the question. */
function compose(prose: readonly string[], hidden: Hidden, depth: number): string {
  const count = hidden.needles.length;
  const total = prose.reduce((sum, sentence) => sum + sentence.length, 0);
  // Needles beside the first are spread over the whole text, from where the first lies.
  const places = hidden.needles
    .map((needle, index) => ({ needle, at: (index === 0 ? depth : (depth + index / count) % 1) * total }))
    .sort((a, b) => a.at - b.at);
  const out: string[] = [];
  let passed = 0;
  for (const sentence of prose) {
    // Before or after the sentence, whichever is nearer.
    while (places[0] !== undefined && places[0].at <= passed + sentence.length / 2)
      out.push(places.shift()?.needle ?? '');
    out.push(sentence);
    passed += sentence.length;
  }
  out.push(...places.map(({ needle }) => needle));
  return `${INTRODUCTION}\n\n${paragraphs(out)}\n\nQuestion: ${hidden.question}`;
}

function paragraphs(all: readonly string[]): string {
  return all
    .map((sentence, index) => sentence + (index % 8 === 7 ? '\n' : ' '))
    .join('')
    .trimEnd();
}

/** Where the first needle lies, as a part of all tokens. */
async function depthOf(
  text: string,
  hidden: Hidden,
  tokens: number,
  countTokens: (text: string) => Promise<number>,
): Promise<number> {
  const before = await countTokens(text.slice(0, text.indexOf(hidden.needles[0] ?? '')));
  return before / Math.max(1, tokens);
}

/** Sentences up to a number of words; the last is cut to it. */
class Prose {
  private readonly source: Generator<string>;
  private readonly known: string[] = [];

  constructor(seed: number) {
    this.source = sentences(seed);
  }

  take(words: number): string[] {
    const out: string[] = [];
    let left = words;
    for (let index = 0; left > 0; index += 1) {
      const sentence = (this.known[index] ??= this.source.next().value ?? '');
      const parts = sentence.split(' ');
      out.push(parts.length <= left ? sentence : `${parts.slice(0, left).join(' ').replace(/[,.]$/, '')}.`);
      left -= parts.length;
    }
    return out;
  }
}
