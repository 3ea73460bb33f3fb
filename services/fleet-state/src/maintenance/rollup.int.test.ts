import type { Perf } from '@boocontrol/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { insertPerf } from '../perf/samples.repository.js';
import type { Projector } from '../projection/projector.js';
import { testProjector } from '../testing/projector.js';
import { fleetDatabase, quiet, type FleetDatabase } from '../testing/database.js';
import { gpu, messages, noon, NOON_MS, perf, sys } from '../testing/facts.js';
import { plainRollup } from '../testing/plain-rollup.js';
import { Maintenance, type RollUpResult } from './maintenance.js';
import { rollUpHour } from '../perf/rollup.repository.js';

let database: FleetDatabase;
let projector: Projector;
let maintenance: Maintenance;
beforeAll(async () => {
  database = await fleetDatabase();
  projector = testProjector(database.source);
  const days = { perf: 7, rollups: 90, requests: 90, modelEvents: 90 };
  maintenance = new Maintenance(database.source, days, quiet);
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

const put = (samples: Perf[]): Promise<void> =>
  projector.write(messages(samples.map((body) => ({ kind: 'perf', body }))));
const rollups = (): Promise<Record<string, unknown>[]> =>
  database.rows(
    `SELECT provider_id, to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS bucket, samples,
       gpu_agg, sys_agg FROM fleet.perf_rollup_5m r ORDER BY provider_id, r.bucket`,
  );
const markAll = (): Promise<unknown> =>
  database.source.query(
    `INSERT INTO fleet.perf_rollup_due SELECT DISTINCT provider_id, time_bucket('5 minutes', ts) FROM fleet.perf_samples
     ON CONFLICT DO NOTHING`,
  );
const LATER_MS = NOON_MS + 3_600_000;

const value = fc.option(fc.oneof(fc.nat(100), fc.double({ min: 0, max: 1e6, noNaN: true })), { freq: 5 });
const gpuReading = fc
  .record({
    id: fc.nat(2),
    name: fc.constantFrom('RTX 5090', 'RTX 4090'),
    tempC: value,
    utilPct: value,
    memUsedMb: value,
    powerW: value,
  })
  .map(gpu);
const nic = fc.record({
  name: fc.constantFrom('eth0', 'wlan0', 'lo', 'Loopback Pseudo-Interface 1'),
  rxBytes: fc.nat(1_000_000),
  txBytes: fc.nat(1_000_000),
});
const reading = fc.record({
  cpuUtilPct: value,
  memUsedMb: value,
  loadAvg1: value,
  net: fc.uniqueArray(nic, { selector: ({ name }) => name, maxLength: 3 }),
});
const sample = fc
  .record({
    providerId: fc.constantFrom('tower', 'nas'),
    offsetMs: fc.nat(20 * 60_000),
    gpus: fc.option(fc.uniqueArray(gpuReading, { selector: ({ id }) => id, maxLength: 3 })),
    sys: fc.option(reading.map(sys)),
  })
  .map(({ offsetMs, ...over }) => perf({ ...over, ts: noon(offsetMs) }));
const samples = fc.uniqueArray(sample, {
  selector: ({ providerId, ts }) => `${providerId} ${ts}`,
  maxLength: 60,
});

/** Numbers to nine digits: the plain computation rounds where numeric does not. */
const comparable = (rows: unknown): unknown =>
  JSON.parse(
    JSON.stringify(rows, (_key, inner: unknown) =>
      typeof inner === 'number' ? Number(inner.toPrecision(9)) : inner,
    ),
  );

describe('rollups', () => {
  test('agree with a plain computation, and running them again gives the same rows to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(samples, fc.nat(), async (some, cut) => {
        await database.clear();
        const first = cut % (some.length + 1);
        await put(some.slice(0, first));
        await maintenance.rollUp(LATER_MS);
        // The rest comes late, into buckets that are rolled up already, and then once more.
        await put(some.slice(first).toReversed());
        await put(some);
        await maintenance.rollUp(LATER_MS);
        const rows = await rollups();
        const numbers = rows.map(({ gpu_agg, sys_agg, ...row }) => ({ ...row, gpus: gpu_agg, sys: sys_agg }));
        expect(comparable(numbers)).toEqual(comparable(plainRollup(some)));
        await markAll();
        expect(await maintenance.rollUp(LATER_MS)).toMatchObject({ buckets: rows.length });
        expect(await rollups()).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  test('a bucket is rolled up when it has closed, and only when something is new', async () => {
    await put([perf({ ts: noon(0) }), perf({ ts: noon(300_000) })]);
    expect(await maintenance.rollUp(NOON_MS + 299_999)).toMatchObject({ buckets: 0 });
    expect(await maintenance.rollUp(NOON_MS + 300_000)).toMatchObject({ buckets: 1 });
    expect(await maintenance.rollUp(NOON_MS + 300_000)).toMatchObject({ buckets: 0 });
    expect(await maintenance.rollUp(NOON_MS + 600_000)).toMatchObject({ buckets: 1 });
  });

  test('an hour that PostgreSQL refuses stays due, and the others go on', async () => {
    await put([perf({ ts: noon(0) }), perf({ ts: noon(-3_600_000) }), perf({ providerId: 'nas' })]);
    await database.source.query(
      `UPDATE fleet.perf_samples SET sys = '{"cpuUtilPct": "hot"}' WHERE provider_id = 'tower' AND ts = $1`,
      [noon(0)],
    );
    expect(await maintenance.rollUp(LATER_MS)).toEqual({ buckets: 2, failedHours: 1 });
    expect(await rollups()).toHaveLength(2);
    await database.source.query(`UPDATE fleet.perf_samples SET sys = NULL`);
    expect(await maintenance.rollUp(LATER_MS)).toEqual({ buckets: 1, failedHours: 0 });
  });

  test('counters that start again at zero count from there, per interface and direction', async () => {
    const at = (offsetMs: number, rxBytes: number, txBytes: number): Perf =>
      perf({
        ts: noon(offsetMs),
        sys: sys({
          net: [
            { name: 'eth0', rxBytes, txBytes },
            { name: 'lo', rxBytes: offsetMs * 99, txBytes: 0 },
          ],
        }),
      });
    await put([at(0, 1_000, 50), at(10_000, 4_000, 60), at(20_000, 500, 10), at(30_000, 700, 15)]);
    await maintenance.rollUp(LATER_MS);
    expect(await rollups()).toMatchObject([
      { sys_agg: { net: { rxBytes: 3_000 + 500 + 200, txBytes: 10 + 10 + 5, spanS: 30 } } },
    ]);
  });

  test('a sample that is being written while its bucket is rolled up is waited for', async () => {
    await put([perf({ ts: noon(0) })]);
    let rolling: Promise<RollUpResult> | undefined;
    await database.source.transaction(async (tx) => {
      await insertPerf(tx, [perf({ ts: noon(5_000) })]);
      rolling = maintenance.rollUp(LATER_MS);
      await database.untilBlocked();
    });
    expect(await rolling).toMatchObject({ buckets: 1 });
    expect(await rollups()).toMatchObject([{ samples: 2 }]);
    expect(await database.rows(`SELECT 1 FROM fleet.perf_rollup_due`)).toEqual([]);
  });

  test('a sample that comes while its bucket is rolled up makes it due again', async () => {
    await put([perf({ ts: noon(0) })]);
    let writing: Promise<void> | undefined;
    const hour = { providerId: 'tower', hour: noon(0) };
    await database.source.transaction(async (tx) => {
      expect(await rollUpHour(tx, hour, noon(3_600_000))).toBe(1);
      writing = put([perf({ ts: noon(5_000) })]);
      await database.untilBlocked();
    });
    await writing;
    expect(await rollups()).toMatchObject([{ samples: 1 }]);
    expect(await maintenance.rollUp(LATER_MS)).toMatchObject({ buckets: 1 });
    expect(await rollups()).toMatchObject([{ samples: 2 }]);
  });
});
