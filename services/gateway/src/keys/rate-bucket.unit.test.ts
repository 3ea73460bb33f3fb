import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateBucket } from './rate-bucket.js';

/** Steps of a clock and what is wanted at each. */
const steps = fc.array(fc.record({ passMs: fc.nat(90_000), amount: fc.integer({ min: 1, max: 20 }) }), {
  maxLength: 200,
});

describe('so much a minute', () => {
  it('never lets more pass in any minute than two of its measures, nor in all more than the time allows', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 20, max: 100 }), (taken, perMinute) => {
        const bucket = new RateBucket(perMinute, 0);
        const passed: { atMs: number; amount: number }[] = [];
        let nowMs = 0;
        for (const { passMs, amount } of taken) {
          nowMs += passMs;
          if (bucket.waitMs(amount, nowMs) > 0) continue;
          bucket.take(amount, nowMs);
          passed.push({ atMs: nowMs, amount });
        }
        const sum = (of: typeof passed): number => of.reduce((all, { amount }) => all + amount, 0);
        expect(sum(passed)).toBeLessThanOrEqual(perMinute + (nowMs * perMinute) / 60_000 + 1e-6);
        for (const { atMs: endMs } of passed) {
          const within = passed.filter(({ atMs }) => atMs <= endMs && atMs > endMs - 60_000);
          expect(sum(within)).toBeLessThanOrEqual(2 * perMinute + 1e-6);
        }
      }),
    );
  });

  it('says how long to wait, and then has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.nat(5_000), (perMinute, debt) => {
        const owing = (): RateBucket => {
          const bucket = new RateBucket(perMinute, 0);
          bucket.take(debt, 0);
          return bucket;
        };
        const waitMs = owing().waitMs(1, 0);
        expect(owing().waitMs(1, waitMs)).toBeLessThan(1e-3);
        if (waitMs > 10) expect(owing().waitMs(1, waitMs - 5)).toBeGreaterThan(0);
      }),
    );
  });

  it('gives nothing for a clock that was put back, and keeps what is owed when the rate changes', () => {
    const bucket = new RateBucket(60, 100_000);
    bucket.take(60, 100_000);
    expect(bucket.waitMs(1, 40_000)).toBe(1_000);
    bucket.setRate(120, 40_000);
    expect(bucket.waitMs(61, 40_000)).toBe(500);
    bucket.setRate(60, 40_000);
    expect(bucket.waitMs(1, 40_000)).toBe(1_000);
  });
});
