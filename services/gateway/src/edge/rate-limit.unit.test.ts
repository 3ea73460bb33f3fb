import { expect, it } from 'vitest';
import { RateLimit } from './rate-limit.js';

it('allows so many in any window, for each key', () => {
  const limit = new RateLimit(2, 1_000);
  expect([limit.take('a', 0), limit.take('a', 500), limit.take('a', 999)]).toEqual([true, true, false]);
  expect(limit.take('b', 999)).toBe(true);
  expect(limit.take('a', 1_001)).toBe(true);
  expect(limit.take('a', 1_002)).toBe(false);
});

it('forgets the keys that came first when there are too many', () => {
  const limit = new RateLimit(1, 1_000, 2);
  for (const key of ['a', 'b', 'c']) limit.take(key, 0);
  expect(limit.take('c', 1)).toBe(false);
  expect(limit.take('a', 1)).toBe(true);
});
