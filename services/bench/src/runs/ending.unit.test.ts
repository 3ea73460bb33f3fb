import { expect, test } from 'vitest';
import { hostChanged, wholeEnding } from './ending.js';

const cells = (...states: ('measured' | 'partial' | 'skipped')[]) => states.map((state) => ({ state }));

test.each([
  ['whole', cells('measured', 'skipped'), null, null, 'succeeded', undefined],
  ['out of time', cells('measured', 'skipped'), '60 s are over', null, 'succeeded', 'limit_reached'],
  [
    'too many errors',
    cells('measured', 'partial'),
    '10 requests failed',
    'no slot',
    'failed',
    'too_many_errors',
  ],
  ['nothing measured', cells('skipped'), null, 'context too long', 'failed', 'nothing_measured'],
] as const)('%s', (_, all, over, error, state, code) => {
  const { state: is, reason } = wholeEnding(all, over, error);
  expect([is, reason?.code]).toEqual([state, code]);
  if (error !== null) expect(reason?.message).toContain(`The last one said: ${error}`);
});

test('what has changed is named', () => {
  expect(hostChanged(['engine build b1 → b2']).reason?.message).toContain('(engine build b1 → b2)');
});
