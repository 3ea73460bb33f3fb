import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Projector } from '../projection/projector.js';
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
  projector = new Projector(database.source);
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

  test('while samples keep arriving, none is lost between raw and rollup', async () => {
    const start = -8 * DAY_MS;
    const all = Array.from({ length: 240 }, (_, i) => perf({ ts: noon(start + i * 15_000) }));
    let isWriting = true;
    const writing = (async () => {
      for (let i = 0; i < all.length; i += 4) {
        await projector.write(messages(all.slice(i, i + 4).map((body) => ({ kind: 'perf', body }))));
      }
      isWriting = false;
    })();
    // Everything but the final mark of retention, which makes rollups final: that late, real samples do not come.
    const { manager } = database.source;
    const hours = [0, 1].map((n) =>
      new Date(Math.floor((NOON_MS + start) / HOUR_MS) * HOUR_MS + n * HOUR_MS).toISOString(),
    );
    const seen = async (): Promise<number> => {
      const [row] = await database.rows<{ seen: number }>(
        `SELECT (SELECT count(*) FROM fleet.perf_samples)::int AS seen`,
      );
      return row?.seen ?? 0;
    };
    let deletedRows = 0;
    while (isWriting) {
      await maintenance.rollUp(NOON_MS);
      for (const hour of hours) {
        const due = await database.rows(`SELECT 1 FROM fleet.perf_rollup_due`);
        if (due.length > 0)
          deletedRows += await deleteHour(manager, AGING.perfSamples, { providerId: 'tower', hour });
      }
    }
    await writing;
    const dueSamples = await database.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM fleet.perf_samples s JOIN fleet.perf_rollup_due d
       ON d.provider_id = s.provider_id AND d.bucket = time_bucket('5 minutes', s.ts)`,
    );
    expect(deletedRows + (await seen())).toBe(240);
    expect(dueSamples[0]?.count).toBeLessThanOrEqual(await seen());
  });
});

describe('one of several processes', () => {
  test('works while the others leave it alone', async () => {
    let runs = 0;
    const inside: (() => void)[] = [];
    const held = asSingleRunner(database.source, async () => {
      runs++;
      await new Promise<void>((resolve) => inside.push(resolve));
    });
    while (inside.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await asSingleRunner(database.source, async () => void runs++)).toBe(false);
    inside[0]?.();
    expect(await held).toBe(true);
    expect(await asSingleRunner(database.source, async () => void runs++)).toBe(true);
    expect(runs).toBe(2);
  });

  test('one that fails lets the next one in', async () => {
    const failing = asSingleRunner(database.source, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await asSingleRunner(database.source, async () => undefined)).toBe(true);
  });
});
