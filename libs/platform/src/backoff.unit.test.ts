import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelayMs, pause } from './backoff.js';

describe('backoffDelayMs', () => {
  it('doubles up to its bound', () => {
    const delays = [0, 1, 2, 3, 99].map((attempt) => backoffDelayMs(attempt, { baseMs: 100, maxMs: 500 }, 0));
    expect(delays).toEqual([50, 100, 200, 250, 250]);
  });

  it('stays between half and the whole of the bounded delay', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const delay = backoffDelayMs(attempt, { baseMs: 10, maxMs: 1_000 }, random);
          expect(delay).toBeGreaterThanOrEqual(5);
          expect(delay).toBeLessThanOrEqual(1_000);
        },
      ),
    );
  });
});

describe('pause', () => {
  it('ends at once when its signal fires, before or during', async () => {
    const controller = new AbortController();
    const waiting = pause(3_600_000, controller.signal);
    controller.abort();
    await waiting;
    await pause(3_600_000, controller.signal);
  });
});
