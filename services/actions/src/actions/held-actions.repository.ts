import type { Action, Problem } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { asJson, change, ROW, type ActionRow } from './actions.repository.js';

// Actions that were begun: only whoever holds one changes it.

const MINE = `state = 'started' AND worker = $2`;

/** null: it is not this worker's any more, somebody else ends it. */
export function end(
  db: DataSource,
  id: string,
  worker: string,
  state: 'succeeded' | 'failed' | 'outcome_unknown',
  reason: Problem | null,
): Promise<ActionRow | null> {
  return change(db, state, id, {
    set: `state = $3, ended_at = clock_timestamp(), progress = NULL, reason = $4`,
    condition: MINE,
    params: [worker, state, asJson(reason)],
  });
}

/** null: it is not this worker's any more. */
export function tellProgress(
  db: DataSource,
  id: string,
  worker: string,
  { modelState, note }: Omit<NonNullable<Action['progress']>, 'at'>,
): Promise<ActionRow | null> {
  return change(db, 'progress', id, {
    set: `heartbeat_at = clock_timestamp(), progress =
      jsonb_build_object('at', ${instantSql('clock_timestamp()')}, 'modelState', $3::text, 'note', $4::text)`,
    condition: MINE,
    params: [worker, modelState, note],
  });
}

/** false: it is not this worker's any more. */
export async function heartbeat(db: DataSource, id: string, worker: string): Promise<boolean> {
  const [, changed] = await db.query<[unknown, number]>(
    `UPDATE actions.actions SET heartbeat_at = clock_timestamp() WHERE id = $1 AND ${MINE}`,
    [id, worker],
  );
  return changed === 1;
}

/** The worker goes without ending it: the next one need not wait. */
export async function letGo(db: DataSource, id: string, worker: string): Promise<void> {
  await db.query(`UPDATE actions.actions SET worker = NULL WHERE id = $1 AND ${MINE}`, [id, worker]);
}

const IS_ABANDONED = `state = 'started' AND
  (worker IS NULL OR heartbeat_at < clock_timestamp() - make_interval(secs => $1::float8 / 1000))`;

/**
 * Takes over what a worker began and does not work on any more.
 * @param abandonedAfterMs milliseconds without a heartbeat
 * @returns null: somebody works on it, or it has ended
 */
export async function takeOver(
  db: DataSource,
  id: string,
  worker: string,
  abandonedAfterMs: number,
): Promise<ActionRow | null> {
  const [[row]] = await db.query<[ActionRow[], number]>(
    `UPDATE actions.actions SET worker = $3, heartbeat_at = clock_timestamp()
     WHERE id = $2 AND ${IS_ABANDONED} RETURNING ${ROW}`,
    [abandonedAfterMs, id, worker],
  );
  return row ?? null;
}

/** Ids of actions that a worker began and nobody works on. */
export async function abandoned(db: DataSource, abandonedAfterMs: number): Promise<string[]> {
  const rows = await db.query<{ id: string }[]>(
    `SELECT id FROM actions.actions WHERE ended_at IS NULL AND ${IS_ABANDONED} ORDER BY started_at LIMIT 100`,
    [abandonedAfterMs],
  );
  return rows.map(({ id }) => id);
}
