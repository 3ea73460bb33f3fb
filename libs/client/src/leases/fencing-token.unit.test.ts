import { expect, test } from 'vitest';
import { compareFencingTokens, createdMicros, fencingTokenOf } from './fencing-token.js';

test('a later acquisition wins, and one on a bus that was made later wins over all before', () => {
  expect(compareFencingTokens('1763800000000000.9', '1763800000000000.10')).toBeLessThan(0);
  expect(compareFencingTokens('1763800000000001.1', '1763800000000000.10')).toBeGreaterThan(0);
  expect(compareFencingTokens('1763800000000000.9', '1763800000000000.9')).toBe(0);
  for (const bad of ['', '1', 'a.1', '1.-2', '1.2.3'])
    expect(() => compareFencingTokens(bad, '1.1')).toThrow(RangeError);
});

test('a token is made of what the server says of the stream, its nanoseconds cut', () => {
  const created = createdMicros('2026-11-21T12:00:00.123456789Z');
  expect(created).toBe(Date.parse('2026-11-21T12:00:00Z') * 1_000 + 123_456);
  expect(createdMicros('2026-11-21T12:00:00.12Z')).toBe(Date.parse('2026-11-21T12:00:00.120Z') * 1_000);
  expect(createdMicros('2026-11-21T12:00:00Z')).toBe(Date.parse('2026-11-21T12:00:00Z') * 1_000);
  expect(compareFencingTokens(fencingTokenOf(created, 1), fencingTokenOf(created - 1, 99))).toBeGreaterThan(
    0,
  );
  for (const bad of ['', 'yesterday', '2026-11-21T12:00:00+01:00', '2026-13-41T12:00:00Z'])
    expect(() => createdMicros(bad)).toThrow(RangeError);
});
