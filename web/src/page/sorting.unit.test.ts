import { expect, it } from 'vitest';
import { readSorting, sortingText } from './sorting';

it.each([
  [null, null],
  ['', null],
  ['name', { column: 'name', descending: false }],
  ['-month', { column: 'month', descending: true }],
  ['?', null],
])('an order in the address: %s', (text, sorting) => {
  expect(readSorting(text)).toEqual(sorting);
  if (sorting) expect(sortingText(sorting)).toBe(text);
});
