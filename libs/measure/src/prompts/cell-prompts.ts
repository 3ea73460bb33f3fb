import type { CellSpec } from '@boocontrol/contracts';
import type { Random } from '../stats/random.js';
import { textOfTokens, type Calibration, type Counter } from './calibration.js';

/** The texts of one cell, and what the host's cache is to have of them. */
export interface CellPrompts {
  /** Sent before anything is measured, so that the cache has what it is to have; null: nothing is to be in it. */
  prime: string | null;
  next(): Promise<string>;
  useCache: boolean;
  /** Cached tokens that each measured request is to have. */
  cached: { from: number; to: number };
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
  { counter, calibration, random }: { counter: Counter; calibration: Calibration; random: Random },
): Promise<CellPrompts> {
  const parts = { counter, calibration, random };
  const whole = depth + promptTokens;
  const fresh = (before: string): Promise<string> =>
    textOfTokens(whole, { ...parts, before: `${before}${mark(random)}` });
  // Of the template some is the same in all prompts, whatever they say.
  const shared = calibration.templateTokens + Math.ceil(COLD_TOLERANCE * whole);
  if (cache === 'warm') {
    const text = await fresh('');
    return {
      prime: text,
      next: () => Promise.resolve(text),
      useCache: true,
      cached: { from: whole - BLOCK_TOKENS, to: whole },
    };
  }
  if (depth === 0)
    return { prime: null, next: () => fresh(''), useCache: false, cached: { from: 0, to: shared } };
  const prefix = await textOfTokens(depth, { ...parts, before: mark(random) });
  return {
    prime: prefix,
    next: () => fresh(`${prefix} `),
    useCache: true,
    cached: { from: Math.max(1, depth - calibration.templateTokens - BLOCK_TOKENS), to: depth + shared },
  };
}

/** Different for each draw, and the beginning of a sentence. */
function mark(random: Random): string {
  const digits = Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  return `Note ${digits}:`;
}
