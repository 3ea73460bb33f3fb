import { describe, expect, test } from 'vitest';
import { seeded, type Random } from '../stats/random.js';
import { judge, levelFor } from './verdict.js';

const CELLS = 40;
const NOISE = 0.05;
const usual = { better: 'higher', minEffect: 0.1, level: 0.95 } as const;

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const five = (random: Random, mean: number): number[] =>
  Array.from({ length: 5 }, () => mean * (1 + NOISE * normal(random)));

// Thousands of bootstraps: seconds of computing, more on a machine that does other things too.
describe('by simulation, with noise of 5 % and five repetitions', { timeout: 120_000 }, () => {
  test(`of runs of ${CELLS} cells without a change at most 5 % raise an alarm`, () => {
    const random = seeded(2026);
    const runs = 150;
    let alarmed = 0;
    for (let run = 0; run < runs; run += 1) {
      const verdicts = Array.from({ length: CELLS }, () =>
        judge({ ...usual, level: levelFor(CELLS), base: five(random, 80), now: five(random, 80), random }),
      );
      if (verdicts.some(({ verdict }) => verdict === 'regressed')) alarmed += 1;
    }
    expect(alarmed / runs).toBeLessThanOrEqual(0.05);
  });

  test('a slow-down of 15 % is found in at least 88 % of cases', () => {
    const random = seeded(7);
    const times = 800;
    let found = 0;
    for (let time = 0; time < times; time += 1) {
      const judged = judge({ ...usual, base: five(random, 80), now: five(random, 80 * 0.85), random });
      if (judged.verdict === 'regressed') found += 1;
    }
    expect(found / times).toBeGreaterThanOrEqual(0.88);
  });
});

describe('a verdict', () => {
  const random = seeded(1);
  const base = [100, 101, 99, 100, 102];
  const said = (now: number[], more: object = {}) => judge({ ...usual, base, now, random, ...more });

  test('names a change by which direction is better', () => {
    expect(said([80, 81, 79, 80, 82]).verdict).toBe('regressed');
    expect(said([120, 121, 119, 120, 122]).verdict).toBe('improved');
    expect(said([120, 121, 119, 120, 122], { better: 'lower' }).verdict).toBe('regressed');
    expect(said([80, 81, 79, 80, 82], { better: 'lower' }).verdict).toBe('improved');
  });

  test('calls a certain trifle the same, and noise inconclusive', () => {
    expect(said([97, 98, 96, 97, 97]).verdict).toBe('same');
    expect(said([60, 140, 85, 101, 120])).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('vary by') as string,
    });
  });

  test('is none from fewer than five repetitions, on either side', () => {
    expect(said([50, 50, 50, 50])).toMatchObject({ verdict: 'inconclusive', ratio: 0.5 });
    expect(judge({ ...usual, base: [100], now: [50, 50, 50, 50, 50], random }).verdict).toBe('inconclusive');
    expect(said([]).verdict).toBe('inconclusive');
  });

  test('says that there is no baseline, and divides by none that is 0', () => {
    expect(judge({ ...usual, base: null, now: base, random })).toEqual({
      verdict: 'no_baseline',
      ratio: null,
      low: null,
      high: null,
      reason: 'there is no baseline',
    });
    for (const nothing of [
      [],
      [0, 0, 0, 0, 0],
      [0, 100, 100, 100, 100],
      [-1, -1, -1, -1, -1],
      [NaN, 1, 1, 1, 1],
    ]) {
      const judged = judge({ ...usual, base: nothing, now: base, random });
      expect(judged).toMatchObject({ verdict: 'no_baseline', ratio: null });
    }
  });

  test('is surer the more is judged', () => {
    expect([1, 40, 41, 81].map(levelFor)).toEqual([0.95, 0.95, 0.99, 0.999]);
  });
});
