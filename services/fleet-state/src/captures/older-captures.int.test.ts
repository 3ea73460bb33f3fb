import { calls, type Capture } from '@boocontrol/contracts';
import { createDataSource, runMigrations } from '@boocontrol/platform';
import { testDatabase, waitFor } from '@boocontrol/testing';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { activityPage } from '../activity/activity.repository.js';
import { HistoryDb } from '../db/history-db.js';
import { migrations } from '../migrations.js';
import { stored } from '../testing/captures.js';
import { quiet } from '../testing/database.js';
import { noon } from '../testing/facts.js';
import { spawnFleetState, testBus } from '../testing/service.js';
import { FleetCaptureSearch1763650000010 } from './search.migration.js';
import { UnreadCaptures } from './unread-captures.js';

let database: Awaited<ReturnType<typeof testDatabase>>;
let source: DataSource;
const options = (some: typeof migrations) => ({
  url: database.url,
  schema: 'fleet',
  migrations: some,
  log: quiet,
  applicationName: 'fleet-state-test',
});
beforeEach(async () => {
  database = await testDatabase();
  await runMigrations(options(migrations.slice(0, migrations.indexOf(FleetCaptureSearch1763650000010))));
  source = await createDataSource(options(migrations)).initialize();
});
afterEach(async () => {
  await source.destroy();
  await database.drop();
});

/** As a version before the search left them. */
async function keep(captures: readonly Capture[]): Promise<void> {
  for (const { providerId, entryId, ts, ...rest } of captures) {
    await source.query(
      `INSERT INTO fleet.requests (
         provider_id, swap_entry_id, ts, model, source, req_path, status_code, duration_ms, input_tokens,
         output_tokens, has_capture, ended_at, stated_at)
       VALUES ($1, $2, $3, 'm', 'boochat', '/v1/chat/completions', 200, 1500, 100, 50, true, $3, $3)`,
      [providerId, entryId, ts],
    );
    await source.query(
      `INSERT INTO fleet.captures (provider_id, swap_entry_id, ts, body, size_bytes) VALUES ($1, $2, $3, $4, 1)`,
      [providerId, entryId, ts, JSON.stringify({ providerId, entryId, ts, ...rest })],
    );
  }
}
const capture = (n: number, words = ''): Capture =>
  stored({ entryId: n, ts: noon(n), asked: `${words} number${n}`, answered: 'yes' });
const search = (text: string): ReturnType<typeof activityPage> =>
  activityPage(new HistoryDb(source), calls.activity.request.parse({ text, limit: 500 }));
const unread = async (): Promise<number> => {
  const [row] = (await source.query(`SELECT count(*)::int AS n FROM fleet.captures WHERE words IS NULL`)) as {
    n: number;
  }[];
  return row?.n ?? 0;
};

test('captures of before are read, and until then it is said that they cannot be searched', async () => {
  await keep(Array.from({ length: 50 }, (_, n) => capture(n)));
  await runMigrations(options(migrations));
  expect(await search('yes')).toMatchObject({ rows: [], searched: { since: noon(), unread: 50 } });
  const reader = new UnreadCaptures(source, quiet);
  // Two processes at once read nothing twice, and wait for nobody.
  await Promise.all([reader.readAll(), new UnreadCaptures(source, quiet).readAll()]);
  const { rows, searched } = await search('yes');
  expect([rows.length, rows[0]?.entryId, searched?.unread]).toEqual([50, 49, 0]);
  expect((await search('number7')).rows.map(({ entryId }) => entryId)).toEqual([7]);
});

test('a process that is killed while it reads leaves the rest to the next one', async () => {
  const long = 'lorem ipsum '.repeat(10_000);
  await keep(Array.from({ length: 120 }, (_, n) => capture(n, long)));
  const bus = await testBus();
  try {
    const first = await spawnFleetState(bus.nats.url, database.url);
    await waitFor(async () => (await unread()) < 120, { what: 'the first batch', everyMs: 5 });
    await first.kill9();
    const second = await spawnFleetState(bus.nats.url, database.url);
    await waitFor(async () => (await unread()) === 0, { what: 'all of them' });
    await second.stop();
    expect((await search('ipsum yes')).rows).toHaveLength(120);
  } finally {
    await bus.close();
  }
});
