import { expect, test } from 'vitest';
import { hashText, Rng } from './rng.js';

test('equal seeds give equal sequences, other seeds other ones', () => {
  const take = (seed: number) => {
    const rng = new Rng(seed);
    return Array.from({ length: 50 }, () => rng.next());
  };
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
  expect(take(7).every((n) => n >= 0 && n < 1)).toBe(true);
});

test('whole numbers cover their range and nothing else', () => {
  const rng = new Rng(3);
  const seen = new Set(Array.from({ length: 500 }, () => rng.int(2, 5)));
  expect(seen).toEqual(new Set([2, 3, 4, 5]));
});

test('a hash depends on text and seed', () => {
  expect(hashText('abc')).toBe(hashText('abc'));
  expect(hashText('abc')).not.toBe(hashText('abd'));
  expect(hashText('abc', 1)).not.toBe(hashText('abc', 2));
});
