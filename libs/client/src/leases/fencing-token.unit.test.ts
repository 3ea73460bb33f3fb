import { expect, test } from 'vitest';
import { compareFencingTokens } from './fencing-token.js';

test('a later acquisition wins, and one on a bus that was made later wins over all before', () => {
  expect(compareFencingTokens('1763800000000000.9', '1763800000000000.10')).toBeLessThan(0);
  expect(compareFencingTokens('1763800000000001.1', '1763800000000000.10')).toBeGreaterThan(0);
  expect(compareFencingTokens('1763800000000000.9', '1763800000000000.9')).toBe(0);
  for (const bad of ['', '1', 'a.1', '1.-2', '1.2.3'])
    expect(() => compareFencingTokens(bad, '1.1')).toThrow(RangeError);
});
