import { BUCKET_S, BUCKETS_KEPT, type Request } from '@boocontrol/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyHost } from './fold.js';
import { addToBuckets, sparkline, throughput } from './throughput.js';
import { instantFromMs } from './time.js';

const NOW_MS = 1_760_000_100_000;
const row = (endedMs: number, durationMs: number, outputTokens: number, statusCode = 200): Request =>
  ({ endedAt: instantFromMs(endedMs), durationMs, outputTokens, inputTokens: 1, statusCode }) as Request;

test('no token is lost or invented while requests lie in the kept span', () => {
  const requests = fc.array(
    fc.record({
      agoMs: fc.nat(400_000),
      durationMs: fc.nat(400_000),
      tokens: fc.nat(9000),
      status: fc.constantFrom(200, 404),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(requests, (list) => {
      const buckets = list.reduce(
        (all, { agoMs, durationMs, tokens, status }) =>
          addToBuckets(all, row(NOW_MS - agoMs, durationMs, tokens, status)),
        emptyHost('tower').requests.buckets,
      );
      const sum = (pick: (bucket: (typeof buckets)[number]) => number): number =>
        buckets.reduce((all, b) => all + pick(b), 0);
      expect(sum((b) => b.outputTokens)).toBeCloseTo(
        list.reduce((all, { tokens }) => all + tokens, 0),
        4,
      );
      expect(sum((b) => b.requests)).toBe(list.length);
      expect(sum((b) => b.errors)).toBe(list.filter(({ status }) => status === 404).length);
      expect(buckets.length).toBeLessThanOrEqual(BUCKETS_KEPT);
      expect(buckets.map((b) => b.start)).toEqual(
        [...new Set(buckets.map((b) => b.start))].sort((a, b) => a - b),
      );
    }),
  );
});

test('a long answer is a plateau, not a spike at its end', () => {
  const host = emptyHost('tower');
  host.requests.buckets = addToBuckets([], row(NOW_MS, 60_000, 600));
  expect(throughput(host, NOW_MS).outputTps).toBeCloseTo(10, 1);
  const full = sparkline(host, NOW_MS).filter((tps) => tps > 9.9);
  expect(full.length).toBeGreaterThanOrEqual(60 / BUCKET_S - 1);
  expect(Math.max(...sparkline(host, NOW_MS))).toBeLessThan(10.1);
});

test('rows older than the kept span, read late, count nothing', () => {
  const buckets = addToBuckets([], row(NOW_MS, 0, 5));
  expect(addToBuckets(buckets, row(NOW_MS - BUCKETS_KEPT * BUCKET_S * 1000 - 60_000, 1000, 99))).toEqual(
    buckets,
  );
});
