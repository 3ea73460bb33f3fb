import { expect, test } from 'vitest';
import { saturation } from './saturation.js';

const points = (...throughput: number[]) =>
  throughput.map((each, at) => ({ load: 2 ** at, throughput: each }));

test('the load from which twice as many gained less than a tenth', () => {
  expect(saturation(points(100, 180, 300, 310, 305))).toBe(4);
  expect(saturation(points(100, 190, 350))).toBeNull();
  expect(saturation(points(100))).toBeNull();
  expect(saturation([])).toBeNull();
});

test('steps that are not doublings count as what they are', () => {
  expect(
    saturation([
      { load: 4, throughput: 100 },
      { load: 5, throughput: 104 },
    ]),
  ).toBeNull();
});

test('a load that gave nothing divides nothing', () => {
  expect(
    saturation([
      { load: 1, throughput: 0 },
      { load: 2, throughput: 0 },
    ]),
  ).toBeNull();
});
