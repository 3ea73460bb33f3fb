import { expect, test } from 'vitest';
import { medianInterval, ratioInterval } from './bootstrap.js';
import { exponential, seeded } from './random.js';

test('the same seed gives the same interval', () => {
  const values = [10, 11, 9, 10.5, 12];
  expect(medianInterval(values, seeded(4))).toEqual(medianInterval(values, seeded(4)));
  expect(medianInterval([1], seeded(4))).toBeNull();
});

test('an interval of 95 % holds the true median in about 95 of 100 cases', () => {
  const random = seeded(11);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let held = 0;
  for (let time = 0; time < 400; time += 1) {
    const interval = medianInterval(Array.from({ length: 15 }, normal), random);
    if (interval && interval.low <= 0 && interval.high >= 0) held += 1;
  }
  expect(held / 400).toBeGreaterThan(0.9);
});

test('the ratio of two medians', () => {
  const interval = ratioInterval([20, 21, 22, 19, 20], [10, 10, 10, 10, 10], seeded(1), 0.95);
  expect(interval.low).toBeGreaterThanOrEqual(1.9);
  expect(interval.high).toBeLessThanOrEqual(2.2);
});

test('waiting times between arrivals have their mean', () => {
  const random = seeded(3);
  const drawn = Array.from({ length: 5_000 }, () => exponential(random, 20));
  const mean = drawn.reduce((a, b) => a + b) / drawn.length;
  expect(mean).toBeGreaterThan(19);
  expect(mean).toBeLessThan(21);
});
