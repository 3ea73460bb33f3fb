import { SuiteSchema, type SuiteInput } from '@boocontrol/contracts';
import { expect, test } from 'vitest';
import { secondsOf } from './estimate.js';

const of = (over: Partial<SuiteInput>) =>
  secondsOf(
    SuiteSchema.parse({
      name: 's',
      promptTokens: [1_000],
      outputTokens: [100],
      repetitions: 5,
      warmup: { requests: 1, until: 'count' },
      ...over,
    }),
    { genTps: 50, promptTps: 500 },
  );

test('each repetition reads its prompt and writes its answer, and so does each warm-up', () => {
  expect(of({})).toBeCloseTo(6 * (2 + 2));
  expect(of({ warmup: { requests: 1, until: 'stable' } })).toBeCloseTo(8 * (2 + 2));
  expect(of({ promptTokens: [1_000, 1_000] })).toBeCloseTo(2 * 6 * 4);
});

test('what is in the cache already was read once for each request at a time', () => {
  expect(of({ depth: [5_000] }) - of({})).toBeCloseTo(10);
});

test('more at once take longer, but not as much longer as they are more', () => {
  const four = of({ load: { kind: 'closed', concurrency: [4] } });
  expect(four).toBeGreaterThan(of({}));
  expect(four).toBeLessThan(4 * of({}));
});

test('an open loop takes as long as its requests come, and a replay as long as it was recorded', () => {
  const open = of({ load: { kind: 'open', ratePerS: [2], requests: 60 }, repetitions: 1 });
  expect(open).toBeCloseTo(30 + 4 + 4);
  const requests = [0, 60_000].map((atMs) => ({ atMs, promptTokens: 1_000, outputTokens: 100 }));
  expect(of({ load: { kind: 'replay', requests, speed: 2 }, repetitions: 1 })).toBeCloseTo(30 + 4 + 4);
});

test('a search counts the most that it may take', () => {
  const load = { kind: 'search', fromPerS: 1, toPerS: 8, requests: 10 } as const;
  const slo = { ttftMs: 100 };
  expect(of({ load, slo })).toBeGreaterThan(of({ load: { ...load, toPerS: 2 }, slo }));
});

test('a limit of time holds', () => {
  expect(of({ stop: { maxS: 7 } })).toBe(7);
});
