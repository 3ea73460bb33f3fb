import { LeaseLostError } from '@boocontrol/client';
import { expect, test } from 'vitest';
import { hostChanged, wholeEnding, withoutLease } from './ending.js';

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

test('a lease that is gone says who took it, where that is known', () => {
  expect(withoutLease(new LeaseLostError('taken_over', 'over', 'anna'))).toEqual({
    state: 'interrupted',
    reason: {
      code: 'taken_over',
      message: 'anna took the host over. What was measured until then stands.',
      details: { by: 'anna' },
    },
  });
  expect(withoutLease(new LeaseLostError('lost', 'gone')).reason?.code).toBe('lease_lost');
  expect(hostChanged(['engine build b1 → b2']).reason?.message).toContain('(engine build b1 → b2)');
});
