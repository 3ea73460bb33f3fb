import { randomUUID } from 'node:crypto';
import type { BenchTarget, Problem, Suite } from '@boocontrol/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { asJson, ROW, type RunRow } from './run-row.js';
import { enqueue, tell } from './tell.js';

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
      await tell(manager, row, 'queued', {});
      await enqueue(manager, row);
      rows.push(row);
    }
    return rows;
  });
}

export async function findRun(db: DataSource | EntityManager, id: string): Promise<RunRow | null> {
  const [row] = await db.query<RunRow[]>(`SELECT ${ROW} FROM bench.runs WHERE id = $1`, [id]);
  return row ?? null;
}

export interface Change {
  /** Assignments, with parameters from $2. */
  set: string;
  /** With the same parameters. */
  condition: string;
  params: readonly unknown[];
}

/** One change of a run, if the condition still holds; null when it does not. */
export async function changeRun(
  manager: EntityManager,
  id: string,
  { set, condition, params }: Change,
): Promise<RunRow | null> {
  const [[row]] = await manager.query<[RunRow[], number]>(
    `UPDATE bench.runs SET version = version + 1, ${set} WHERE id = $1 AND ${condition} RETURNING ${ROW}`,
    [id, ...params],
  );
  return row ?? null;
}

/** From now on this worker may use the host. null: it is not queued any more. */
export function beginRun(db: DataSource, id: string, worker: string): Promise<RunRow | null> {
  return db.transaction(async (manager) => {
    const row = await changeRun(manager, id, {
      set: `state = 'running', started_at = coalesce(started_at, clock_timestamp()), worker = $2,
        heartbeat_at = clock_timestamp(), takeovers = 0`,
      condition: `state = 'queued'`,
      params: [worker],
    });
    if (row !== null) await tell(manager, row, 'running', {});
    return row;
  });
}

/** Ends what was not begun. null: it is not queued any more. */
export function cancelQueued(db: DataSource, id: string, by: string): Promise<RunRow | null> {
  return db.transaction(async (manager) => {
    const row = await changeRun(manager, id, {
      set: `state = 'cancelled', ended_at = clock_timestamp(), cancelled_by = $2, reason = $3`,
      condition: `state = 'queued'`,
      params: [by, asJson(cancelledBy(by))],
    });
    if (row === null) return null;
    await dropUnmeasured(manager, id);
    await tell(manager, row, 'cancelled', {});
    return row;
  });
}

/** Has its worker, or the next one, end it. null: it is not running any more. */
export async function askToCancel(db: DataSource, id: string, by: string): Promise<RunRow | null> {
  const condition = `state = 'running'`;
  return changeRun(db.manager, id, { set: `cancelled_by = $2`, condition, params: [by] });
}

export const cancelledBy = (by: string): Problem => ({
  code: 'cancelled',
  message: `${by} ended it before its end. What was measured until then stands.`,
});

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
