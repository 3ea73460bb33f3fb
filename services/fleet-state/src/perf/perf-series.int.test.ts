import { calls, type Perf, type PerfSeries } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { Maintenance } from '../maintenance/maintenance.js';
import type { Projector } from '../projection/projector.js';
import { testProjector } from '../testing/projector.js';
import { fleetDatabase, quiet, type FleetDatabase } from '../testing/database.js';
import { gpu, messages, noon, NOON_MS, perf, sys } from '../testing/facts.js';
import { bytesOf } from '../testing/pages.js';
import { perfSeries } from './perf-series.js';

let database: FleetDatabase;
let projector: Projector;
let maintenance: Maintenance;
beforeAll(async () => {
  database = await fleetDatabase();
  projector = testProjector(database.source);
  maintenance = new Maintenance(
    database.source,
    { perf: 7, rollups: 90, requests: 90, modelEvents: 90 },
    quiet,
  );
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

const put = (samples: Perf[]): Promise<void> =>
  projector.write(messages(samples.map((body) => ({ kind: 'perf', body }))));
const ask = async (
  over: Omit<z.input<typeof calls.perf.request>, 'providerId'>,
  nowMs = NOON_MS,
): Promise<PerfSeries> =>
  calls.perf.reply.parse(
    await perfSeries(database.db, calls.perf.request.parse({ providerId: 'tower', ...over }), nowMs),
  );

/** A sample each 5 s from `fromMs` on: the GPU's load is its number modulo 100, the network moves 1,000 bytes a second. */
const ticks = (fromMs: number, count: number): Perf[] =>
  Array.from({ length: count }, (_, i) =>
    perf({
      ts: instantFromMs(fromMs + i * 5_000),
      gpus: [gpu({ utilPct: i % 100 }), gpu({ id: 1, name: 'RTX 4090', utilPct: null })],
      sys: sys({ cpuUtilPct: i % 100, net: [{ name: 'eth0', rxBytes: i * 5_000, txBytes: i * 500 }] }),
    }),
  );
const MINUTES_MS = 60_000;

describe('from raw samples', () => {
  test('each sample a point where there are few, with the traffic since the sample before', async () => {
    await put(ticks(NOON_MS - 2 * MINUTES_MS, 24));
    const series = await ask({ from: noon(-MINUTES_MS), to: noon() });
    expect(series).toMatchObject({ stepS: 5, resolution: 'raw' });
    expect(series.gpus).toEqual([
      { id: 0, name: 'RTX 5090', memTotalMb: 32_000 },
      { id: 1, name: 'RTX 4090', memTotalMb: 32_000 },
    ]);
    expect(series.points).toHaveLength(12);
    expect(series.points[0]).toMatchObject({
      ts: noon(-MINUTES_MS),
      samples: 1,
      cpuUtilPct: { avg: 12, max: 12 },
      netRxBps: 1_000,
      netTxBps: 100,
    });
    expect(series.points[0]?.gpus).toMatchObject([
      { id: 0, utilPct: { avg: 12, max: 12 } },
      { id: 1, utilPct: { avg: null, max: null } },
    ]);
  });

  test('what would not fit into one message gets longer steps, and the whole range', async () => {
    await put(ticks(NOON_MS - 2 * MINUTES_MS, 24));
    const query = calls.perf.request.parse({ providerId: 'tower', from: noon(-2 * MINUTES_MS), to: noon() });
    const whole = await perfSeries(database.db, query, NOON_MS);
    expect(whole.points).toHaveLength(24);
    const maxBytes = bytesOf(whole.points) / 5;
    const series = await perfSeries(database.db, query, NOON_MS, maxBytes);
    expect(bytesOf(series.points)).toBeLessThanOrEqual(maxBytes + 100);
    expect(series.stepS).toBeGreaterThan(5);
    expect(series.points[0]?.ts).toBe(noon(-2 * MINUTES_MS));
    expect(series.points.reduce((sum, { samples }) => sum + samples, 0)).toBe(24);
    // The least that can be said is said, also where there is room for nothing.
    expect((await perfSeries(database.db, query, NOON_MS, 1)).points.length).toBeLessThanOrEqual(2);
  });

  test('several samples a step', async () => {
    await put(ticks(NOON_MS - 60 * MINUTES_MS, 720));
    const series = await ask({ from: noon(-60 * MINUTES_MS), to: noon(), maxPoints: 60 });
    expect(series).toMatchObject({ stepS: 60, resolution: 'raw' });
    expect(series.points).toHaveLength(60);
    expect(series.points[0]).toMatchObject({
      samples: 12,
      cpuUtilPct: { avg: 5.5, max: 11 },
      netRxBps: 1_000,
    });
  });

  test('steps without samples are absent', async () => {
    await put([perf({ ts: noon(-50_000) }), perf({ ts: noon(-10_000) })]);
    const { points } = await ask({ from: noon(-MINUTES_MS), to: noon() });
    expect(points.map(({ ts }) => ts)).toEqual([noon(-50_000), noon(-10_000)]);
  });
});

describe('from rollups', () => {
  test('the same whether buckets are rolled up, due, or due again', async () => {
    const all = ticks(NOON_MS - 24 * 60 * MINUTES_MS, 3_000);
    await put(all.slice(0, 2_000));
    const query = { from: noon(-24 * 60 * MINUTES_MS), to: noon(), maxPoints: 300 };
    await maintenance.rollUp(NOON_MS);
    await put(all.slice(2_000));
    const before = await ask(query);
    expect(before).toMatchObject({ stepS: 300, resolution: 'rollup' });
    expect(before.points).toHaveLength(50);
    expect(before.points.every(({ samples }) => samples === 60)).toBe(true);
    expect(before.points[5]).toMatchObject({ cpuUtilPct: { avg: 29.5, max: 59 }, netRxBps: 1_000 });
    await maintenance.rollUp(NOON_MS);
    expect(await ask(query)).toEqual(before);
    const hours = await ask({ ...query, maxPoints: 24 });
    expect(hours.stepS).toBe(3_600);
    expect(hours.points.reduce((sum, { samples }) => sum + samples, 0)).toBe(3_000);
  });

  test('a short range whose raw samples are gone', async () => {
    const dayMs = 86_400_000;
    await put(ticks(NOON_MS - 10 * dayMs, 60));
    await maintenance.retain(NOON_MS);
    const series = await ask({ from: noon(-10 * dayMs), to: noon(-10 * dayMs + 3_600_000) });
    expect(series).toMatchObject({ stepS: 300, resolution: 'rollup' });
    expect(series.points).toMatchObject([{ ts: noon(-10 * dayMs), samples: 60 }]);
  });
});

describe('ranges', () => {
  test('without ends: all that is kept, to the newest sample of a host whose clock is ahead', async () => {
    await put([perf({ ts: noon(-MINUTES_MS) }), perf({ ts: noon(MINUTES_MS) })]);
    const series = await ask({});
    expect(series.points.map(({ ts }) => ts)).toEqual([noon(-MINUTES_MS), noon(MINUTES_MS)]);
    expect(series.stepS).toBe(5);
  });

  test('a host without samples, and a range without any', async () => {
    expect((await ask({})).points).toEqual([]);
    await put([perf()]);
    expect((await ask({ from: noon(-9e6), to: noon(-8e6) })).points).toEqual([]);
    await expect(ask({ from: noon(1), to: noon() })).rejects.toMatchObject({ code: 'bad_range' });
  });
});
