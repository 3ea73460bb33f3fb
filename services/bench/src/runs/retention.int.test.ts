import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calls } from '@boocontrol/contracts';
import { projectRoot, waitFor } from '@boocontrol/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storeRun } from '../testing/runs.js';
import { World } from '../testing/world.js';
import { importedRun } from './imported.js';
import { storeImported } from './imported.repository.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

const DAYS = 30;
const YOUNG = { agoH: 24 * (DAYS - 1) };
const OLD = { agoH: 24 * (DAYS + 1) };

/** What is there of it in every table that holds something of runs. */
const TABLES = ['cells', 'samples', 'sent', 'heard'] as const;

async function withEverything(db: DataSource, id: string): Promise<string> {
  await db.query(`INSERT INTO bench.samples (run_id, cell, n, sample) VALUES ($1, 0, 0, '{}')`, [id]);
  await db.query(
    `INSERT INTO bench.sent (run_id, cell, attempt, n, started_ms, ended_ms) VALUES ($1, 0, 1, 0, 1, 2)`,
    [id],
  );
  await db.query(
    `INSERT INTO bench.heard (run_id, key, kind, started_ms, ended_ms, body) VALUES ($1, 'k', 'model', 1, 2, '{}')`,
    [id],
  );
  return id;
}

test('after BENCH_RETENTION_DAYS a run goes with all that is known of it; baselines and what was imported since stay', async () => {
  const before = await world.service();
  const db = world.db(before);
  const [old, baseline, young, open] = await Promise.all([
    storeRun(db, OLD),
    storeRun(db, OLD),
    storeRun(db, YOUNG),
    storeRun(db, { agoH: null }),
  ]);
  await Promise.all([old, baseline, young].map((id) => withEverything(db, id)));
  await world.ask(calls.setBenchBaseline, { id: baseline, source: 'anna' });
  const printed = readFileSync(join(projectRoot(), 'libs/measure/src/testing/llama-bench.json'), 'utf8');
  const target = { providerId: 'tower', model: 'm' };
  const measuredLongAgo = importedRun(
    printed.replaceAll(/"test_time": "\d{4}/g, '"test_time": "2020'),
    target,
    'http://tower',
  );
  if (measuredLongAgo === null) throw new Error('it holds no test');
  const { id: imported } = await storeImported(db, target, 'anna', measuredLongAgo);
  const importedLongAgo = await storeRun(db, { ...OLD, kind: 'imported' });

  // Any process removes what is too old when it begins.
  await world.service({ BENCH_RETENTION_DAYS: String(DAYS) });
  const there = async (): Promise<string[]> => {
    const rows = await db.query<{ id: string }[]>(`SELECT id FROM bench.runs`);
    return rows.map(({ id }) => id);
  };
  await waitFor(async () => !(await there()).includes(old), { what: 'the old run to be removed' });
  expect(new Set(await there())).toEqual(new Set([baseline, young, open, imported]));
  expect(await there()).not.toContain(importedLongAgo);
  for (const table of TABLES)
    for (const [id, rows] of [
      [old, 0],
      [baseline, 1],
      [young, 1],
    ] as const)
      expect(await db.query(`SELECT 1 FROM bench.${table} WHERE run_id = $1`, [id])).toHaveLength(rows);
  expect((await world.ask(calls.benchBaselines, {})).baselines).toMatchObject([{ runId: baseline }]);
  const { ended } = await world.ask(calls.benchRuns, { providerId: target.providerId });
  expect(ended.map(({ id }) => id)).toContain(imported);
});
