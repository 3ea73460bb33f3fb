import type { EvalOutcome, EvalScore } from '@boocontrol/contracts';
import { meanInterval, type Value } from './interval.js';

/** What became of the samples of an item. */
export interface ItemOutcomes {
  item: string;
  /** Items that stand or fall together have the same; null: it stands alone. */
  family: string | null;
  /** Of those samples that are done. */
  outcomes: readonly EvalOutcome[];
}

/** Our own fault, or a question that was not asked as meant: says nothing of the model. */
const LEFT: ReadonlySet<EvalOutcome> = new Set(['invalid', 'harness_error']);

/** Tries of an item that count, and how many of them passed. */
export interface Tries {
  item: string;
  family: string;
  tries: number;
  passed: number;
}

export function triesOf({ item, family, outcomes }: ItemOutcomes): Tries {
  const counted = outcomes.filter((outcome) => !LEFT.has(outcome));
  return {
    item,
    // No family has the name of an item that stands alone.
    family: family === null ? `item ${item}` : `family ${family}`,
    tries: counted.length,
    passed: counted.filter((outcome) => outcome === 'passed').length,
  };
}

/**
 * The score of a run: shares of items with their intervals. null: no sample counts.
 *
 * pass@k is 1 − C(n−c, k) ÷ C(n, k), unbiased (Chen et al. 2021); pass^k is C(c, k) ÷ C(n, k) (Yao et al. 2024): of n tries
 * that count c passed. Items with fewer than k tries that count are in the share of one try alone.
 *
 * @param k tries of an item
 */
export function scoreOf(items: readonly ItemOutcomes[], k: number): EvalScore | null {
  const all = items.map(triesOf);
  const asked = all.filter(({ tries }) => tries > 0);
  if (asked.length === 0) return null;
  const samples = asked.reduce((sum, { tries }) => sum + tries, 0);
  const whole = asked.filter(({ tries }) => tries >= k);
  const of = (those: readonly Tries[], value: (one: Tries) => number) =>
    meanInterval(
      those.map((one): Value => ({ family: one.family, value: value(one) })),
      those.length,
    );
  const pass1 = meanInterval(
    asked.map((one) => ({ family: one.family, value: one.passed / one.tries })),
    samples,
  );
  return {
    pass1,
    passAtK: whole.length === 0 || k === 1 ? pass1 : of(whole, passAt(k)),
    passHatK: whole.length === 0 || k === 1 ? pass1 : of(whole, passHat(k)),
    k,
    items: asked.length,
    families: new Set(asked.map(({ family }) => family)).size,
    samples,
    left: items.reduce((sum, { outcomes }) => sum + outcomes.length, 0) - samples,
  };
}

export const passAt =
  (k: number) =>
  ({ tries, passed }: Tries): number =>
    1 - chosen(tries - passed, tries, k);

export const passHat =
  (k: number) =>
  ({ tries, passed }: Tries): number =>
    chosen(passed, tries, k);

/** C(some, k) ÷ C(all, k): the chance that k of all, drawn without putting back, are all among some. */
function chosen(some: number, all: number, k: number): number {
  let chance = 1;
  for (let drawn = 0; drawn < k; drawn++) chance *= Math.max(0, some - drawn) / (all - drawn);
  return chance;
}
