import { randomUUID } from 'node:crypto';
import type { BenchTarget, Suite } from '@boocontrol/contracts';
import { cancelledBy } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { jobs, STANDS } from './jobs.js';
import { asJson, ROW, type RunRow } from './run-row.js';

/** What all runs of one launch have in common. */
export interface NewLaunch {
  suite: Suite;
  suiteName: string;
  suiteHash: string;
  source: string;
  confirmed: boolean;
  scheduleId: string | null;
  seed: () => number;
}

const INSERT = `
  INSERT INTO bench.runs
    (id, launch, version, kind, suite_name, suite_hash, suite, provider_id, model, state, source, confirmed,
     schedule_id, seed, created_at, queued_at)
  SELECT $1, $2, 1, 'measured', $3, $4, $5, $6, $7, 'queued', $8, $9, $10, $11, now, now
  FROM (SELECT clock_timestamp() AS now) AS clock
  RETURNING ${ROW}`;

/** Queues a run for each target, all or none, with the facts of it. */
export function insertRuns(
  db: DataSource,
  launch: NewLaunch,
  targets: readonly BenchTarget[],
): Promise<RunRow[]> {
  const launchId = randomUUID();
  return db.transaction(async (manager) => {
    const rows: RunRow[] = [];
    for (const { providerId, model } of targets) {
      const [row] = await manager.query<RunRow[]>(INSERT, [
        randomUUID(),
        launchId,
        launch.suiteName,
        launch.suiteHash,
        JSON.stringify(launch.suite),
        providerId,
        model,
        launch.source,
        launch.confirmed,
        launch.scheduleId,
        launch.seed(),
      ]);
      if (row === undefined) throw new Error('a row that was inserted was not returned');
      await jobs.tell(manager, row, 'queued', {});
      await jobs.enqueue(manager, row);
      rows.push(row);
    }
    return rows;
  });
}

/** Ends what was not begun. null: it is not queued any more. */
export function cancelQueued(db: DataSource, id: string, by: string): Promise<RunRow | null> {
  return db.transaction(async (manager) => {
    const row = await jobs.change(manager, id, {
      set: `state = 'cancelled', ended_at = clock_timestamp(), cancelled_by = $2, reason = $3`,
      condition: `state = 'queued'`,
      params: [by, asJson(cancelledBy(by, STANDS))],
    });
    if (row === null) return null;
    await dropUnmeasured(manager, id);
    await jobs.tell(manager, row, 'cancelled', {});
    return row;
  });
}

/**
 * What waits to be measured goes, what was measured before stands; in the transaction that ends a run. How often a cell was
 * begun stays, so that whoever goes on with the run sends other texts.
 */
export async function dropUnmeasured(manager: EntityManager, id: string): Promise<void> {
  await manager.query(`DELETE FROM bench.cells WHERE run_id = $1 AND state = 'waiting' AND attempt = 0`, [
    id,
  ]);
  await manager.query(
    `UPDATE bench.cells SET redo = false, begun_at = NULL WHERE run_id = $1 AND (redo OR begun_at IS NOT NULL)`,
    [id],
  );
}
