import type { EvalOutcome } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { compareItems, holm } from './compare.js';
import { meanInterval, student } from './interval.js';
import { paretoOf, ranksOf } from './ranks.js';
import { passAt, passHat, scoreOf, type ItemOutcomes } from './score.js';

const item = (name: string, outcomes: EvalOutcome[], family: string | null = null): ItemOutcomes => ({
  item: name,
  family,
  outcomes,
});
const outcome = fc.constantFrom<EvalOutcome>(
  ...(['passed', 'failed', 'timeout', 'oom', 'refused', 'invalid', 'harness_error'] as const),
);
const anyItems = fc
  .array(
    fc.record({
      family: fc.option(fc.constantFrom('a', 'b', 'c')),
      outcomes: fc.array(outcome, { maxLength: 5 }),
    }),
    { maxLength: 30 },
  )
  .map((all) => all.map((one, index) => ({ ...one, item: `i${index}` })));

describe('a score', () => {
  it('counts what is the model’s doing, and says what is left out', () => {
    const score = scoreOf(
      [
        item('right', ['passed', 'passed']),
        item('half', ['passed', 'timeout']),
        item('wrong', ['failed', 'refused']),
        item('ours', ['harness_error', 'passed']),
        item('not asked', ['invalid', 'invalid']),
      ],
      2,
    );
    expect(score).toMatchObject({ k: 2, items: 4, families: 4, samples: 7, left: 3 });
    expect(score?.pass1.mean).toBeCloseTo((1 + 0.5 + 0 + 1) / 4);
    // Of `ours` one try counts, which says nothing of two.
    expect(score?.passAtK.mean).toBeCloseTo(2 / 3);
    expect(score?.passHatK.mean).toBeCloseTo(1 / 3);
  });

  it('is none when nothing counts', () => {
    expect(scoreOf([], 1)).toBeNull();
    expect(scoreOf([item('a', ['harness_error'])], 1)).toBeNull();
  });

  it('of one try each is Wilson’s', () => {
    const items = Array.from({ length: 10 }, (_, at) => item(`${at}`, [at < 8 ? 'passed' : 'failed']));
    const { low, high } = scoreOf(items, 1)?.pass1 ?? {};
    // Wilson 1927, 8 of 10.
    expect(low).toBeCloseTo(0.4902, 4);
    expect(high).toBeCloseTo(0.9433, 4);
  });

  it('lies inside its interval, the interval inside 0 to 1, for anything', () => {
    fc.assert(
      fc.property(anyItems, fc.integer({ min: 1, max: 4 }), (items, k) => {
        const score = scoreOf(items, k);
        for (const { mean, low, high } of score ? [score.pass1, score.passAtK, score.passHatK] : []) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(mean);
          expect(mean).toBeLessThanOrEqual(high);
          expect(high).toBeLessThanOrEqual(1);
        }
        if (score) expect(score.passHatK.mean).toBeLessThanOrEqual(score.passAtK.mean + 1e-12);
      }),
    );
  });

  it('never falls when a try that failed had passed', () => {
    fc.assert(
      fc.property(anyItems, (items) => {
        const better = items.map((one) => ({
          ...one,
          outcomes: one.outcomes.map((was) => (was === 'failed' ? ('passed' as const) : was)),
        }));
        expect(scoreOf(better, 1)?.pass1.mean ?? 0).toBeGreaterThanOrEqual(
          (scoreOf(items, 1)?.pass1.mean ?? 0) - 1e-12,
        );
      }),
    );
  });
});

describe('pass@k and pass^k', () => {
  it('are what drawing k of n tries gives', () => {
    const tries = { item: 'i', family: 'i', tries: 5, passed: 2 };
    // Of C(5, 2) = 10 pairs 3 have no pass and 1 has two.
    expect(passAt(2)(tries)).toBeCloseTo(0.7);
    expect(passHat(2)(tries)).toBeCloseTo(0.1);
    expect(passAt(5)({ ...tries, passed: 0 })).toBe(0);
    expect(passHat(5)({ ...tries, passed: 5 })).toBe(1);
  });
});

test('student’s quantiles are those of the tables', () => {
  expect(student(5)).toBeCloseTo(2.571, 1);
  expect(student(10)).toBeCloseTo(2.228, 2);
  expect(student(40)).toBeCloseTo(2.021, 3);
});

test('there is no interval of nothing', () => {
  expect(() => meanInterval([], 0)).toThrow(RangeError);
});

describe('two models', () => {
  const of = (passed: number, n: number) =>
    Array.from({ length: n }, (_, at) => item(`i${at}`, [at < passed ? 'passed' : 'failed']));

  it('are paired by the items that count of both', () => {
    const a = [item('x', ['passed']), item('y', ['failed']), item('z', ['invalid'])];
    const b = [item('x', ['failed']), item('y', ['failed']), item('z', ['passed']), item('w', ['passed'])];
    expect(compareItems(a, b)).toMatchObject({ items: 2, method: 'mcnemar', onlyA: ['x'], onlyB: [], p: 1 });
    expect(compareItems([], b)).toMatchObject({ items: 0, difference: null, p: null });
  });

  it('have McNemar’s exact p', () => {
    // 10 items that only the first passes: two times 1/1024.
    expect(compareItems(of(30, 40), of(20, 40)).p).toBeCloseTo(2 / 1024, 10);
    expect(compareItems(of(30, 40), of(20, 40)).difference?.mean).toBeCloseTo(0.25);
  });

  it('turned round say the opposite', () => {
    fc.assert(
      fc.property(anyItems, anyItems, (a, b) => {
        const [there, back] = [compareItems(a, b), compareItems(b, a)];
        expect(there.items).toBe(back.items);
        expect(there.onlyA).toEqual(back.onlyB);
        if (there.difference)
          expect(there.difference.mean).toBeCloseTo(-(back.difference?.mean ?? Number.NaN));
        if (there.method === 'mcnemar' && back.method === 'mcnemar' && there.p !== null)
          expect(there.p).toBeCloseTo(back.p ?? -1);
      }),
      { numRuns: 30 },
    );
  });

  it('that agree in everything are not told apart', () => {
    fc.assert(
      fc.property(anyItems, (items) => {
        const { p, items: n } = compareItems(items, items);
        expect(p).toBe(n === 0 ? null : 1);
      }),
      { numRuns: 30 },
    );
  });

  it('are corrected for how many were compared', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([])).toEqual([]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });
});

describe('places', () => {
  it('are shared where intervals overlap', () => {
    const scores = [
      { mean: 0.9, low: 0.8, high: 0.95 },
      { mean: 0.8, low: 0.7, high: 0.9 },
      { mean: 0.3, low: 0.2, high: 0.4 },
    ];
    expect(ranksOf(scores)).toEqual([
      { from: 1, to: 2 },
      { from: 1, to: 2 },
      { from: 3, to: 3 },
    ]);
  });

  it('the front has who is not beaten in both', () => {
    const [fast, good, worse, unknown] = [
      { quality: 0.4, speed: 90 },
      { quality: 0.8, speed: 30 },
      { quality: 0.4, speed: 30 },
      { quality: 0.9, speed: null },
    ];
    expect(paretoOf([fast, good, worse, unknown])).toEqual([fast, good]);
  });
});
