import { expect, test } from 'vitest';
import { median, percentile } from './percentile.js';

test('percentiles are those of R and NumPy by default', () => {
  // numpy.percentile([15, 20, 35, 40, 50], [0, 25, 50, 40, 100])
  const values = [50, 15, 40, 20, 35];
  expect([0, 25, 50, 40, 100].map((p) => percentile(values, p))).toEqual([15, 20, 35, 29, 50]);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('p95 takes 20 values and p99 takes 100: of fewer they are not told', () => {
  const values = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
  expect(percentile(values(19), 95)).toBeNull();
  expect(percentile(values(20), 95)).toBeCloseTo(18.05);
  expect(percentile(values(99), 99)).toBeNull();
  expect(percentile(values(101), 99)).toBe(99);
  expect(percentile([], 50)).toBeNull();
});
