import type { PerfSeries } from '@boocontrol/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { insertPerf } from '../perf/samples.repository.js';
import { perfSeries } from '../perf/perf-series.js';
import type { Projector } from '../projection/projector.js';
import { testProjector } from '../testing/projector.js';
import { fleetDatabase, quiet, type FleetDatabase } from '../testing/database.js';
import { messages, modelChanged, noon, NOON_MS, perf, perfFact, requestFact } from '../testing/facts.js';
import { Maintenance } from './maintenance.js';
import { AGING, agedChunks, dropChunk, deleteHour } from './retention.repository.js';
import { asSingleRunner } from './single-runner.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const days = { perf: 7, rollups: 30, requests: 60, modelEvents: 90 };

let database: FleetDatabase;
let projector: Projector;
let maintenance: Maintenance;
beforeAll(async () => {
  database = await fleetDatabase();
  projector = testProjector(database.source);
  maintenance = new Maintenance(database.source, days, quiet);
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

/** Ages of the rows of a table in hours before noon, oldest first. */
async function agesH(table: string, time = 'ts'): Promise<number[]> {
  const rows = await database.rows<{ age: number }>(
    `SELECT extract(epoch FROM $1::timestamptz - ${time})::float8 / 3600 AS age FROM ${table} ORDER BY ${time}`,
    [noon()],
  );
  return rows.map(({ age }) => age);
}

describe('retention', () => {
  test('each table keeps its days to the hour, and what goes is rolled up first', async () => {
    const ages = [
      1,
      6 * 24,
      7 * 24 - 1,
      7 * 24 + 1,
      8 * 24,
      29 * 24,
      31 * 24,
      59 * 24,
      61 * 24,
      89 * 24,
      91 * 24,
    ];
    await projector.write(
      messages(
        ages.flatMap((age, entryId) => {
          const ts = noon(-age * HOUR_MS);
          return [
            perfFact({ ts }),
            requestFact({ entryId, ts }),
            { kind: 'model-changed' as const, body: modelChanged({ at: ts }) },
          ];
        }),
      ),
    );
    await maintenance.retain(NOON_MS);
    const kept = (limit: number): number[] => ages.filter((age) => age < limit).toReversed();
    expect(await agesH('fleet.perf_samples')).toEqual(kept(7 * 24));
    expect(await agesH('fleet.perf_rollup_5m', 'bucket')).toEqual(kept(30 * 24));
    expect(await agesH('fleet.requests')).toEqual(kept(60 * 24));
    expect(await agesH('fleet.model_events')).toEqual(kept(90 * 24));
    const again = async (): Promise<unknown> =>
      database.rows(`SELECT * FROM fleet.perf_rollup_5m ORDER BY bucket`);
    const before = await again();
    await maintenance.retain(NOON_MS);
    expect(await again()).toEqual(before);
  });

  test('whole chunks are dropped, not emptied', async () => {
    await projector.write(messages([perfFact({ ts: noon(-20 * DAY_MS) }), perfFact({ ts: noon() })]));
    await maintenance.retain(NOON_MS);
    const chunks = await database.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM timescaledb_information.chunks WHERE hypertable_name = 'perf_samples'`,
    );
    expect(chunks).toEqual([{ count: 1 }]);
  });

  test('a sample that is not rolled up survives every way of deleting', async () => {
    const old = noon(-20 * DAY_MS);
    await projector.write(messages([perfFact({ ts: old })]));
    const { manager } = database.source;
    const [chunk] = await agedChunks(manager, AGING.perfSamples, noon(-8 * DAY_MS));
    if (chunk === undefined) throw new Error('no chunk to drop');
    const wasDropped = await database.source.transaction((tx) => dropChunk(tx, AGING.perfSamples, chunk));
    expect(wasDropped).toBe(false);
    const hour = new Date(Math.floor(Date.parse(old) / HOUR_MS) * HOUR_MS).toISOString();
    expect(await deleteHour(manager, AGING.perfSamples, { providerId: 'tower', hour })).toBe(0);
    expect(await agesH('fleet.perf_samples')).toHaveLength(1);
    await maintenance.rollUp(NOON_MS);
    expect(await deleteHour(manager, AGING.perfSamples, { providerId: 'tower', hour })).toBe(1);
  });

  test('a log that is read again does not spoil rollups whose samples are gone', async () => {
    const batch = messages(
      Array.from({ length: 12 }, (_, i) => perfFact({ ts: noon(-8 * DAY_MS + i * 5_000) })),
    );
    await projector.write(batch);
    await maintenance.retain(NOON_MS);
    expect(await agesH('fleet.perf_samples')).toEqual([]);
    await projector.write(batch.slice(0, 3));
    await maintenance.retain(NOON_MS);
    expect(await agesH('fleet.perf_samples')).toEqual([]);
    expect(await database.rows(`SELECT samples FROM fleet.perf_rollup_5m`)).toEqual([{ samples: 12 }]);
  });

  test('a host whose clock is lost: the year 1 goes, the year 9999 stays, nothing breaks', async () => {
    for (const ts of ['0001-01-01T00:00:00.000000Z', '9999-12-31T23:59:59.999999Z']) {
      await projector.write(messages([perfFact({ ts }), requestFact({ ts })]));
    }
    const series = (): Promise<PerfSeries> =>
      perfSeries(database.db, { providerId: 'tower', maxPoints: 10 }, NOON_MS);
    expect((await series()).points).toMatchObject([{ samples: 1 }]);
    expect(await maintenance.retain(NOON_MS)).toEqual({ buckets: 1, failedHours: 0 });
    expect(await database.rows(`SELECT to_char(ts, 'YYYY') AS year FROM fleet.requests`)).toEqual([
      { year: '9999' },
    ]);
    expect(await agesH('fleet.perf_samples')).toHaveLength(1);
    expect((await series()).points).toEqual([]);
  });

  test('captures go with the requests they belong to', async () => {
    for (const age of [59, 61]) {
      await database.source.query(
        `INSERT INTO fleet.captures (provider_id, swap_entry_id, ts, body, size_bytes) VALUES ('tower', 1, $1, '{}', 2)`,
        [noon(-age * DAY_MS)],
      );
    }
    await maintenance.retain(NOON_MS);
    expect(await agesH('fleet.captures')).toEqual([59 * 24]);
  });

  test('a chunk is not dropped from under a sample that is being written', async () => {
    const old = -20 * DAY_MS;
    await projector.write(messages([perfFact({ ts: noon(old) })]));
    await maintenance.rollUp(NOON_MS);
    const [chunk] = await agedChunks(database.source.manager, AGING.perfSamples, noon(-8 * DAY_MS));
    if (chunk === undefined) throw new Error('no chunk to drop');
    let dropping: Promise<boolean> | undefined;
    await database.source.transaction(async (tx) => {
      await insertPerf(tx, [perf({ ts: noon(old + 5_000) })]);
      dropping = database.source.transaction((other) => dropChunk(other, AGING.perfSamples, chunk));
      await database.untilBlocked();
    });
    expect(await dropping).toBe(false);
    expect(await agesH('fleet.perf_samples')).toHaveLength(2);
  });
});

describe('one of several processes', () => {
  test('works while the others leave it alone', async () => {
    let runs = 0;
    const inside: (() => void)[] = [];
    const held = asSingleRunner(database.source, async () => {
      runs++;
      await new Promise<void>((resolve) => inside.push(resolve));
      return 'done';
    });
    while (inside.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await asSingleRunner(database.source, async () => runs++)).toBeNull();
    inside[0]?.();
    expect(await held).toBe('done');
    expect(await asSingleRunner(database.source, async () => runs++)).toBe(1);
    expect(runs).toBe(2);
  });

  test('one that fails lets the next one in', async () => {
    const failing = asSingleRunner(database.source, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await asSingleRunner(database.source, async () => 'next')).toBe('next');
  });
});
