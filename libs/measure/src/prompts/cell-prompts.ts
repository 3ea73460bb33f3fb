import type { CellSpec } from '@boocontrol/contracts';
import { derived, type Random } from '../stats/random.js';
import { textOfTokens, type Calibration, type Counter } from './calibration.js';

/** What a text is for: those that warm up are never those that are measured. */
export type Purpose = 'warmup' | 'measured';

/** The texts of one cell, and what the host's cache is to have of them. */
export interface CellPrompts {
  /** Sent before anything is measured, so that the cache has what it is to have; null: nothing is to be in it. */
  prime: string | null;
  /** Of the request with this number; `tokens` are new ones, without the depth. The same whenever it is asked for. */
  text(purpose: Purpose, at: number, tokens: number): Promise<string>;
  /** New tokens that the shortest text has: the template takes so many. */
  least: number;
  useCache: boolean;
  /** Cached tokens that a measured request of so many new ones is to have. */
  cached(tokens: number): { from: number; to: number };
}

export interface PromptParts {
  counter: Counter;
  calibration: Calibration;
  seed: number;
  /** Of the cell in its run: no two cells have the same texts. */
  index: number;
  /** How often the cell was begun before: its texts begin otherwise each time, so that they are cold again. */
  attempt: number;
}

/** Parts of a prefix that may be read again although it was in the cache: engines keep it in blocks. */
const BLOCK_TOKENS = 64;
const COLD_TOLERANCE = 0.02;

/**
 * Cold: every text begins with a mark of its own, so no two share a beginning. Warm: one text for all. With a depth: one
 * beginning of so many tokens for all, and an end of its own for each.
 */
export async function cellPrompts(
  { promptTokens, depth }: CellSpec,
  cache: 'cold' | 'warm',
  { counter, calibration, seed, index, attempt }: PromptParts,
): Promise<CellPrompts> {
  const fitted = (tokens: number, before: string, ...of: readonly (string | number)[]): Promise<string> =>
    textOfTokens(tokens, {
      counter,
      calibration,
      random: derived(seed, index, ...of),
      before: `${before}${mark(derived(seed, index, ...of, 'mark', attempt))}`,
    });
  const least = Math.max(1, calibration.templateTokens + 1 - depth);
  // Of the template some is the same in all prompts, whatever they say.
  const shared = (tokens: number): number =>
    calibration.templateTokens + Math.ceil(COLD_TOLERANCE * (depth + tokens));
  if (cache === 'warm')
    return {
      prime: await fitted(depth + promptTokens, '', 'warm'),
      text: (_purpose, _at, tokens) => fitted(depth + tokens, '', 'warm'),
      least,
      useCache: true,
      cached: (tokens) => ({ from: depth + tokens - BLOCK_TOKENS, to: depth + tokens }),
    };
  if (depth === 0)
    return {
      prime: null,
      text: (purpose, at, tokens) => fitted(tokens, '', purpose, at),
      least,
      useCache: false,
      cached: (tokens) => ({ from: 0, to: shared(tokens) }),
    };
  const prefix = await fitted(depth, '', 'prefix');
  return {
    prime: prefix,
    text: (purpose, at, tokens) => fitted(depth + tokens, `${prefix} `, purpose, at),
    least,
    useCache: true,
    cached: (tokens) => ({
      from: Math.max(1, depth - calibration.templateTokens - BLOCK_TOKENS),
      to: depth + shared(tokens),
    }),
  };
}

/** Different for each draw, and the beginning of a sentence. */
function mark(random: Random): string {
  const digits = Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  return `Note ${digits}:`;
}
