import type { EvalOutcome } from '@boocontrol/contracts';
import { seeded, type Random } from '@boocontrol/measure';
import { describe, expect, test } from 'vitest';
import { compareItems } from './compare.js';
import { meanOf } from './interval.js';
import { scoreOf, type ItemOutcomes } from './score.js';

/** Runs of a model of known skill. Seeded, so they are the same each time. */
const RUNS = 1_000;

interface Suite {
  items: number;
  /** Items of a family; 1: each stands alone. */
  perFamily: number;
  k: number;
}

/** Chance to pass an item; it may draw, once for each family. */
type Skill = (random: Random) => number;

const always =
  (skill: number): Skill =>
  () =>
    skill;

/** Items differ in how hard they are: from nearly never to nearly always, `mean` on the whole. */
const spread =
  (mean: number): Skill =>
  (random) =>
    Math.min(1, Math.max(0, mean + (random() - 0.5) * 2 * Math.min(mean, 1 - mean)));

function runOf({ items, perFamily, k }: Suite, skill: Skill, random: Random): ItemOutcomes[] {
  let chance = 0;
  return Array.from({ length: items }, (_, index) => {
    if (index % perFamily === 0) chance = skill(random);
    return {
      item: `i${index}`,
      family: perFamily === 1 ? null : `f${Math.floor(index / perFamily)}`,
      outcomes: Array.from({ length: k }, (): EvalOutcome => (random() < chance ? 'passed' : 'failed')),
    };
  });
}

describe('intervals hold the skill of a model in 93 to 97 % of runs', () => {
  const suites: Suite[] = [
    { items: 42, perFamily: 1, k: 1 },
    { items: 42, perFamily: 1, k: 4 },
    { items: 200, perFamily: 1, k: 1 },
    { items: 164, perFamily: 1, k: 3 },
  ];
  const cases = suites.flatMap((suite) => [0.2, 0.35, 0.5, 0.65, 0.8].map((skill) => ({ ...suite, skill })));
  test.each(cases)('$items items, $k tries each, skill $skill', ({ skill, ...suite }) => {
    expect(covered(suite, always(skill), skill)).toSatisfy(isPromised);
  });
  // Of 40 items there are 41 results, so what a single skill is covered by jumps between 92.8 and 96.9 %.
  test.each([20, 40, 100])('%d items, models of all skills', (items) => {
    const random = seeded(items);
    const shares = Array.from({ length: 20 }, () => {
      const skill = 0.1 + 0.8 * random();
      return covered({ items, perFamily: 1, k: 1 }, always(skill), skill);
    });
    expect(meanOf(shares)).toSatisfy(isPromised);
  });
  test.each([0.3, 0.5, 0.7])('items that differ in how hard they are, skill %d on the whole', (skill) => {
    expect(covered({ items: 60, perFamily: 1, k: 1 }, spread(skill), skill)).toSatisfy(isPromised);
    expect(covered({ items: 60, perFamily: 1, k: 4 }, spread(skill), skill)).toSatisfy(isPromised);
  });
  test.each([0.4, 0.6])('families that stand or fall together, skill %d on the whole', (skill) => {
    expect(covered({ items: 80, perFamily: 4, k: 2 }, spread(skill), skill)).toSatisfy(isPromised);
  });

  test('as if they stood alone, families would have too narrow ones', () => {
    const suite = { items: 80, perFamily: 4, k: 2 };
    const blind = (run: ItemOutcomes[]) => run.map((one) => ({ ...one, family: null }));
    expect(covered(suite, spread(0.5), 0.5, blind)).toBeLessThan(0.9);
  });

  const isPromised = (share: number) => share >= 0.93 && share <= 0.97;
  function covered(suite: Suite, skill: Skill, truth: number, seen = (run: ItemOutcomes[]) => run): number {
    const random = seeded(truth * 1_000 + suite.items + suite.k);
    let held = 0;
    for (let run = 0; run < RUNS; run++) {
      const { low = 1, high = 0 } = scoreOf(seen(runOf(suite, skill, random)), suite.k)?.pass1 ?? {};
      if (low <= truth && truth <= high) held++;
    }
    return held / RUNS;
  }
});

describe('two models are told apart as docs/evals.md promises', () => {
  const told = (suite: Suite, a: number, b: number) => {
    const random = seeded(suite.items + a * 100 + b);
    let apart = 0;
    for (let run = 0; run < 300; run++) {
      const { p } = compareItems(runOf(suite, always(a), random), runOf(suite, always(b), random));
      if ((p ?? 1) < 0.05) apart++;
    }
    return apart / 300;
  };

  test.each([
    { items: 42, perFamily: 1, k: 1 },
    { items: 42, perFamily: 1, k: 4 },
    { items: 80, perFamily: 4, k: 2 },
  ])('equal ones seldom: $items items, $k tries', (suite) => {
    expect(told(suite, 0.6, 0.6)).toBeLessThanOrEqual(0.075);
  });
  test.each([
    { items: 42, k: 1, a: 0.85, b: 0.45 },
    { items: 42, k: 4, a: 0.7, b: 0.5 },
    { items: 164, k: 1, a: 0.7, b: 0.5 },
  ])('$a and $b by $items items and $k tries: at least 90 of 100 times', ({ items, k, a, b }) => {
    expect(told({ items, perFamily: 1, k }, a, b)).toBeGreaterThanOrEqual(0.9);
  });
});
