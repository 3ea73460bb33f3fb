import { calls, DIRECT, subjects } from '@boocontrol/contracts';
import { createDataSource, runMigrations } from '@boocontrol/platform';
import { testDatabase } from '@boocontrol/testing';
import { expect, test } from 'vitest';
import { activityPage } from '../activity/activity.repository.js';
import { HistoryDb } from '../db/history-db.js';
import { joinHost } from './join-host.js';
import { migrations } from '../migrations.js';
import { quiet } from '../testing/database.js';
import { dispatch, noon, NOON_MS } from '../testing/facts.js';
import { testPosition, untold } from '../testing/projector.js';
import { DispatchWriter } from './dispatch-writer.js';
import { FleetDispatches1763650000009 } from './schema.migration.js';

test('rows that are older than the table of attempts stay as they are, and are never guessed at', async () => {
  const database = await testDatabase();
  const options = (some: typeof migrations) => ({
    url: database.url,
    schema: 'fleet',
    migrations: some,
    log: quiet,
    applicationName: 'fleet-state-test',
  });
  await runMigrations(options(migrations.slice(0, migrations.indexOf(FleetDispatches1763650000009))));
  const source = await createDataSource(options(migrations)).initialize();
  try {
    await source.query(
      `INSERT INTO fleet.requests (
         provider_id, swap_entry_id, ts, model, source, req_path, status_code, duration_ms, input_tokens,
         output_tokens, has_capture, ended_at, stated_at)
       VALUES ('tower', 1, $1, 'qwen3-8b', 'boochat', '/v1/chat/completions', 200, 1500, 100, 50, false, $1, $1)`,
      [noon()],
    );
    await runMigrations(options(migrations));
    const batch = [
      { subject: subjects.route(DIRECT), seq: 1, timeMs: 0, deliveryCount: 1, value: dispatch() },
    ];
    await new DispatchWriter(source, testPosition(source), untold).write(batch);
    const span = { fromMs: NOON_MS - 5_000, toMs: NOON_MS + 5_000 };
    expect(await source.transaction((tx) => joinHost(tx, 'tower', span))).toBe(0);
    const { rows } = await activityPage(new HistoryDb(source), calls.activity.request.parse({}));
    expect(rows).toMatchObject([{ entryId: 1, outputTokens: 50, dispatchId: null, dispatch: null }]);
  } finally {
    await source.destroy();
    await database.drop();
  }
});
