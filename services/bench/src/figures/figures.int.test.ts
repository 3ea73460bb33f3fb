import { BenchHistoryQuerySchema, calls } from '@boocontrol/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { storeRun, type StoredRun } from '../testing/runs.js';
import { FASTEST } from './fastest.repository.js';
import { CELLS } from './history.repository.js';
import { World, type Replica } from '../testing/world.js';

let world: World;
let replica: Replica;
beforeAll(async () => {
  world = await World.open();
  replica = await world.service();
});
afterAll(() => world?.close());
beforeEach(() => world.db(replica).query(`TRUNCATE bench.runs CASCADE`));

const AT = '2026-11-20T10:00:00.000000Z';
const touched = [{ kind: 'swap' as const, at: AT, what: 'another model' }];
const store = (run: StoredRun): Promise<string> => storeRun(world.db(replica), run);
const history = (query: object) =>
  world.ask(calls.benchHistory, BenchHistoryQuerySchema.parse({ figure: 'genTps', ...query }));

test('a figure is told cell by cell, oldest first, and what is not clean says so', async () => {
  const old = await store({
    agoH: 48,
    engineBuild: 'b7000',
    cells: [{ figures: { genTps: 50 } }, { concurrency: 4, figures: { genTps: 20 }, contamination: touched }],
  });
  const late = await store({
    agoH: 1,
    cells: [
      { figures: { genTps: 60 }, pollution: ['cached'] },
      { concurrency: 4, figures: { ttftMs: 9 } },
    ],
  });
  await store({ agoH: null });
  const { points, leftOut } = await history({});
  expect(
    points.map(({ runId, cell, value, isClean, engineBuild }) => [
      runId,
      cell,
      value.median,
      isClean,
      engineBuild,
    ]),
  ).toEqual([
    [old, 'pp512 tg64 d0 c4', 20, false, 'b7000'],
    [old, 'pp512 tg64 d0 c1', 50, true, 'b7000'],
    [late, 'pp512 tg64 d0 c1', 60, false, 'b7112'],
  ]);
  expect(points[0]?.value).not.toHaveProperty('repetitions');
  expect(leftOut).toBe(false);
});

test('only what is asked for is told', async () => {
  await store({ agoH: 24 * 100 });
  const wanted = await store({ model: 'b', providerId: 'attic', suiteName: 'chat' });
  await store({ model: 'b', providerId: 'attic' });
  await store({ providerId: 'attic', suiteName: 'chat' });
  await store({ model: 'b', suiteName: 'chat' });
  const asked = { providerId: 'attic', model: 'b', suite: 'chat', cell: 'pp512 tg64 d0 c1' };
  expect((await history(asked)).points.map(({ runId }) => runId)).toEqual([wanted]);
  expect((await history({ ...asked, cell: 'other' })).points).toEqual([]);
  expect((await history({})).points).toHaveLength(4);
  expect((await history({ days: 365 })).points).toHaveLength(5);
  const newest = await history({ days: 365, limit: 2 });
  expect([newest.points.length, newest.leftOut]).toEqual([2, true]);
});

test('loads are one for each run, and imported figures are told only by their suite', async () => {
  await store({ loadMs: 9_000, cells: [{}, { concurrency: 4 }] });
  await store({ kind: 'imported', suiteName: 'llama-bench import' });
  expect((await history({ figure: 'loadMs' })).points).toMatchObject([
    { cell: 'load', value: { n: 1, median: 9_000, p99: null } },
  ]);
  expect((await history({})).points.every(({ suiteName }) => suiteName === 'quick')).toBe(true);
  expect((await history({ suite: 'llama-bench import' })).points).toHaveLength(1);
});

test('the fastest host of each model, by its newest clean cell with one request at a time', async () => {
  const clean = (genTps: number) => [{ figures: { genTps, ttftMs: 100 } }];
  await store({ agoH: 9, cells: clean(90) });
  const slow = await store({
    agoH: 8,
    cells: [
      { figures: { genTps: 33 }, outputTokens: 16 },
      { figures: { genTps: 30 } },
      { figures: { genTps: 10 }, concurrency: 8, outputTokens: 512 },
    ],
  });
  await store({ agoH: 7, cells: [{ figures: { genTps: 99 }, contamination: touched }] });
  await store({ agoH: 6, cells: [{ figures: { genTps: 98 }, pollution: ['cached'] }] });
  const fast = await store({ agoH: 5, providerId: 'attic', cells: clean(60) });
  await store({ model: 'a', cells: [{ figures: { ttftMs: 80 } }] });
  await store({ agoH: null, cells: clean(70) });
  await store({ kind: 'imported', cells: clean(71) });
  const { models } = await world.ask(calls.benchFastest, {});
  expect(models.map(({ model, hosts }) => [model, ...hosts.map(({ providerId }) => providerId)])).toEqual([
    ['a', 'tower'],
    ['m', 'attic', 'tower'],
  ]);
  expect(models[1]?.hosts).toMatchObject([
    { runId: fast, genTps: 60, ttftMs: 100, promptTps: null },
    { runId: slow, cell: 'pp512 tg64 d0 c1', genTps: 30 },
  ]);
});

test('of 500 runs with 20 cells only those that are asked for are read', async () => {
  const db = world.db(replica);
  await store({});
  await db.query(`
    INSERT INTO bench.runs (id, launch, version, kind, suite_name, suite_hash, suite, provider_id, model, state, source,
      confirmed, seed, created_at, queued_at, started_at, ended_at, fingerprint)
    SELECT gen_random_uuid(), gen_random_uuid(), 1, 'measured', 'suite-' || n % 5, 'hash', '{}', 'host-' || n % 10,
      'model-' || n % 50, 'succeeded', 'test', false, 1, at, at, at, at + interval '5 minutes', '{}'
    FROM (SELECT n, clock_timestamp() - make_interval(hours => n * 4) AS at FROM generate_series(1, 500) n) AS runs`);
  await db.query(`
    INSERT INTO bench.cells (run_id, index, name, spec, state, attempt, requests, figures, pollution, contamination)
    SELECT r.id, i, 'cell ' || i, c.spec, 'measured', 1, c.requests, c.figures, '[]', '[]'
    FROM bench.runs r CROSS JOIN generate_series(1, 20) i CROSS JOIN (SELECT * FROM bench.cells LIMIT 1) c
    WHERE r.provider_id <> 'tower'`);
  await db.query(`ANALYZE bench.runs, bench.cells`);
  const one = { providerId: 'host-1', model: 'model-1', suite: 'suite-1', days: 365 };
  expect((await history(one)).points).toHaveLength(200);
  expect((await world.ask(calls.benchFastest, {})).models).toHaveLength(51);
  const scans = async (sql: string, params: unknown[]): Promise<string[]> => {
    const rows = await db.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${sql}`, params);
    return rows.map((row) => row['QUERY PLAN']).filter((line) => line.includes(' on cells '));
  };
  for (const [sql, params] of [
    [FASTEST, []],
    [CELLS, [365, 'host-1', 'model-1', 'suite-1', null, 'genTps', 100]],
  ] as const) {
    const plan = await scans(sql, [...params]);
    expect(plan).not.toEqual([]);
    expect(plan.filter((line) => line.includes('Seq Scan'))).toEqual([]);
  }
});
