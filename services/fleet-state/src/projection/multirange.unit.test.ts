import { expect, test } from 'vitest';
import { multirange } from './multirange.js';

test.each([
  [[], '{}'],
  [[7], '{[7,7]}'],
  [[3, 1, 2, 2], '{[1,3]}'],
  [[1, 2, 5, 9, 8], '{[1,2],[5,5],[8,9]}'],
])('%j is %s', (seqs, text) => {
  expect(multirange(seqs)).toBe(text);
});
