import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AggregateRow, Stat } from './aggregate.sql.js';
import { gpusIn, toPoints } from './perf-points.js';
import { planPerf, stepStartMs } from './perf-plan.js';
import { keptRange } from './perf-series.js';

const HOUR_MS = 3_600_000;
const NOON_MS = Date.UTC(2026, 10, 20, 12);

describe('the step of a series', () => {
  test.each([
    ['5 minutes, raw', 5 / 60, 300, 5, 'raw'],
    ['an hour, raw', 1, 300, 15, 'raw'],
    ['6 hours, still raw', 6, 300, 120, 'raw'],
    ['6 hours in few points take rollups', 6, 50, 600, 'rollup'],
    ['a day', 24, 300, 300, 'rollup'],
    ['a week', 168, 300, 3_600, 'rollup'],
    ['90 days', 90 * 24, 300, 43_200, 'rollup'],
    ['90 days in few points', 90 * 24, 10, 2 * 604_800, 'rollup'],
  ])('%s', (_what, hours, maxPoints, stepS, resolution) => {
    const range = { fromMs: NOON_MS - hours * HOUR_MS, toMs: NOON_MS };
    expect(planPerf(range, maxPoints, null)).toMatchObject({ stepS, resolution });
  });

  test('where raw samples have been deleted, a short range takes rollups too', () => {
    const range = { fromMs: NOON_MS - HOUR_MS, toMs: NOON_MS };
    expect(planPerf(range, 300, NOON_MS - HOUR_MS)).toMatchObject({ stepS: 15, resolution: 'raw' });
    expect(planPerf(range, 300, NOON_MS - HOUR_MS + 1)).toMatchObject({ stepS: 300, resolution: 'rollup' });
  });

  test('never more points than asked for; the range is widened to whole steps', () => {
    const ms = fc.integer({ min: 0, max: 400 * 24 * HOUR_MS });
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: 10, max: 2_000 }), fc.option(ms), (a, b, maxPoints, rawAge) => {
        const range = { fromMs: NOON_MS - Math.max(a, b), toMs: NOON_MS - Math.min(a, b) + 1 };
        const plan = planPerf(range, maxPoints, rawAge === null ? null : NOON_MS - rawAge);
        const stepMs = plan.stepS * 1_000;
        expect((plan.toMs - plan.fromMs) / stepMs).toBeLessThanOrEqual(maxPoints);
        expect(plan.fromMs).toBe(stepStartMs(plan.fromMs, plan.stepS));
        expect(range.fromMs - plan.fromMs).toBeGreaterThanOrEqual(0);
        expect(range.fromMs - plan.fromMs).toBeLessThan(stepMs);
        expect(plan.toMs - range.toMs).toBeGreaterThanOrEqual(0);
        expect(plan.toMs - range.toMs).toBeLessThan(stepMs);
        if (plan.resolution === 'rollup') expect(plan.stepS % 300).toBe(0);
      }),
    );
  });
});

describe('the range that is kept', () => {
  const bounds = { oldestMs: 1_000, newestMs: 5_000, rawFromMs: null };
  test('open ends', () => {
    expect(keptRange(null, null, bounds, 4_000)).toEqual({ fromMs: 1_000, toMs: 5_001 });
    expect(keptRange(null, null, bounds, 9_000)).toEqual({ fromMs: 1_000, toMs: 9_000 });
    expect(keptRange(0, 3_000, bounds, 9_000)).toEqual({ fromMs: 1_000, toMs: 3_000 });
  });
  test('one sample of a lost clock does not stretch the range', () => {
    const lost = { ...bounds, newestMs: 86_400_000 + 4_000 };
    expect(keptRange(null, null, lost, 4_000)).toEqual({ fromMs: 1_000, toMs: 4_000 });
    expect(keptRange(null, null, lost, 4_001).toMs).toBe(86_404_001);
  });
  test('nothing kept, or nothing kept any more', () => {
    const empty = { oldestMs: null, newestMs: null, rawFromMs: null };
    expect(keptRange(null, null, empty, 9_000)).toEqual({ fromMs: 9_000, toMs: 9_000 });
    expect(keptRange(0, 500, bounds, 9_000)).toEqual({ fromMs: 500, toMs: 500 });
    expect(keptRange(20_000, null, bounds, 9_000)).toEqual({ fromMs: 9_000, toMs: 9_000 });
  });
});

const stat = (...values: number[]): Stat => ({
  avg: values.reduce((a, b) => a + b, 0) / values.length,
  max: Math.max(...values),
  min: Math.min(...values),
  count: values.length,
});
const row = (over: Partial<AggregateRow>): AggregateRow => ({
  bucket: '2026-11-20T12:00:00.000000Z',
  samples: 1,
  gpus: null,
  sys: null,
  ...over,
});
const gpu = (id: number, over: object): NonNullable<AggregateRow['gpus']>[number] => ({
  id,
  name: `gpu ${id}`,
  uuid: `u${id}`,
  ...over,
});

describe('points', () => {
  test('several buckets of a step: averages weighted by readings, maxima, net rate over the covered time', () => {
    const rows = [
      row({
        samples: 3,
        gpus: [gpu(0, { utilPct: stat(10, 20, 30) })],
        sys: { cpuUtilPct: stat(1), net: { rxBytes: 1_000, txBytes: 10, spanS: 10 } },
      }),
      row({
        bucket: '2026-11-20T12:05:00.000000Z',
        samples: 2,
        gpus: [gpu(0, { utilPct: stat(100) }), gpu(1, { tempC: stat(50) })],
        sys: { cpuUtilPct: stat(4, 7), net: { rxBytes: 500, txBytes: 20, spanS: 5 } },
      }),
    ];
    expect(toPoints(rows, 600)).toEqual([
      {
        ts: '2026-11-20T12:00:00.000000Z',
        samples: 5,
        gpus: [
          {
            id: 0,
            utilPct: { avg: 40, max: 100 },
            memUsedMb: { avg: null, max: null },
            tempC: { avg: null, max: null },
            powerW: { avg: null, max: null },
          },
          {
            id: 1,
            utilPct: { avg: null, max: null },
            memUsedMb: { avg: null, max: null },
            tempC: { avg: 50, max: 50 },
            powerW: { avg: null, max: null },
          },
        ],
        cpuUtilPct: { avg: 4, max: 7 },
        memUsedMb: { avg: null, max: null },
        netRxBps: 100,
        netTxBps: 2,
      },
    ]);
  });

  test('no system reading: no figures rather than zeros', () => {
    expect(toPoints([row({})], 300)).toMatchObject([
      { samples: 1, gpus: [], cpuUtilPct: { avg: null, max: null }, netRxBps: null, netTxBps: null },
    ]);
  });

  test('GPUs as the newest row that has them', () => {
    const rows = [
      row({ gpus: [gpu(1, { memTotalMb: stat(8) }), gpu(0, { memTotalMb: stat(16) })] }),
      row({ gpus: [gpu(0, { name: 'new', memTotalMb: stat(24) })] }),
    ];
    expect(gpusIn(rows)).toEqual([
      { id: 0, name: 'new', memTotalMb: 24 },
      { id: 1, name: 'gpu 1', memTotalMb: 8 },
    ]);
  });
});
