import { expect, test } from 'vitest';
import { formatRfc3339, parseRfc3339 } from './rfc3339.js';

const ns = 1_795_190_400_123_456_700n;

test('writes nanoseconds as Go does: trailing zeros gone, the host zone kept', () => {
  expect(formatRfc3339(ns)).toBe('2026-11-20T16:00:00.1234567Z');
  expect(formatRfc3339(ns, 330)).toBe('2026-11-20T21:30:00.1234567+05:30');
  expect(formatRfc3339(ns, -480)).toBe('2026-11-20T08:00:00.1234567-08:00');
  expect(formatRfc3339(1_795_190_400_000_000_000n)).toBe('2026-11-20T16:00:00Z');
});

test('reads back what it wrote, to the nanosecond', () => {
  for (const offset of [0, 60, -480, 330]) expect(parseRfc3339(formatRfc3339(ns + 1n, offset))).toBe(ns + 1n);
});

test.each([
  '',
  'yesterday',
  '2026-11-20',
  '2026-11-20 16:00:00Z',
  '2026-11-20T16:00:00 01:00',
  '2026-13-40T00:00:00Z',
])('refuses %j', (text) => expect(parseRfc3339(text)).toBeUndefined());
