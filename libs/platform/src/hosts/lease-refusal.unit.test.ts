import type { CurrentLease } from '@boocontrol/client';
import { expect, test } from 'vitest';
import { leaseRefusal } from './lease-refusal.js';

const current: CurrentLease = {
  leaseId: 'tower.c2FtcGxlLWxlYXNl',
  providerId: 'tower',
  holder: 'anna',
  purpose: 'new driver',
  source: 'anna',
  acquiredAt: '2026-11-21T12:00:00.123456Z',
  expectedUntil: null,
  fencingToken: '1763800000000000.12',
  takenOverFrom: null,
  takenOverBy: null,
  endedBy: null,
};

test('says who, for what, since when, until when, and the way out', () => {
  expect(leaseRefusal(current)).toEqual({
    code: 'host_leased',
    message:
      'anna has had tower to itself since 2026-11-21 12:00 UTC for “new driver”. Ask again when they are done, or take over: they are told.',
    details: { holder: 'anna', purpose: 'new driver', since: current.acquiredAt, until: null },
  });
  const until = '2026-11-21T12:30:00.000000Z';
  expect(leaseRefusal({ ...current, expectedUntil: until }).message).toContain(
    'for “new driver”, and expects to need it until 2026-11-21 12:30 UTC. Ask',
  );
});

test.each(['bench', 'bench: speed of qwen3', 'Benchmark of the night'])(
  '%s is told as a benchmark',
  (purpose) => {
    expect(leaseRefusal({ ...current, purpose }).code).toBe('bench_in_progress');
  },
);
