import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { untilNextRollUpMs } from './maintenance-job.js';
import { cutoffs } from './retention-policy.js';

test('a rollup comes 15 s after the end of a bucket, and never in less than no time', () => {
  const bucketEnd = Date.UTC(2026, 10, 20, 12, 5);
  expect(untilNextRollUpMs(bucketEnd)).toBe(15_000);
  expect(untilNextRollUpMs(bucketEnd + 15_000)).toBe(300_000);
  expect(untilNextRollUpMs(bucketEnd - 60_000)).toBe(75_000);
  fc.assert(
    fc.property(fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 }), (now) => {
      const next = now + untilNextRollUpMs(now);
      expect(next).toBeGreaterThan(now);
      expect((next - 15_000) % 300_000).toBe(0);
    }),
  );
});

describe('cutoffs', () => {
  const now = Date.UTC(2026, 10, 20, 12, 34, 56);
  test('each table by its own days, to a full hour that is not younger than asked for', () => {
    const days = { perf: 7, rollups: 30, requests: 60, modelEvents: 90 };
    expect(cutoffs(days, now).map(({ aging, before }) => [aging.table, before])).toEqual([
      ['fleet.perf_samples', '2026-11-13T12:00:00.000Z'],
      ['fleet.perf_rollup_5m', '2026-10-21T12:00:00.000Z'],
      ['fleet.requests', '2026-09-21T12:00:00.000Z'],
      ['fleet.captures', '2026-09-21T12:00:00.000Z'],
      ['fleet.dispatch_attempts', '2026-09-21T12:00:00.000Z'],
      ['fleet.model_events', '2026-08-22T12:00:00.000Z'],
    ]);
  });
});
