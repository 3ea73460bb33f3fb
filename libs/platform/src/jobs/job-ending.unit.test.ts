import { LeaseLostError } from '@boocontrol/client';
import { expect, test } from 'vitest';
import { cancelledBy, withoutLease } from './job-ending.js';

const STANDS = 'What was measured until then stands.';

test('a lease that is gone says who took it, where that is known', () => {
  expect(withoutLease(new LeaseLostError('taken_over', 'over', 'anna'), STANDS)).toEqual({
    state: 'interrupted',
    reason: {
      code: 'taken_over',
      message: 'anna took the host over. What was measured until then stands.',
      details: { by: 'anna' },
    },
  });
  expect(withoutLease(new LeaseLostError('lost', 'gone'), STANDS).reason?.code).toBe('lease_lost');
});

test('a cancelled job says who did it, and what is left of it', () => {
  expect(cancelledBy('anna', STANDS).message).toBe(
    'anna ended it before its end. What was measured until then stands.',
  );
});
