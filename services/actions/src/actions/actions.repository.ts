import { randomUUID } from 'node:crypto';
import {
  subjects,
  type Action,
  type ActionEvent,
  type ActionFact,
  type Problem,
} from '@boocontrol/contracts';
import { addToOutbox, instantSql } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import type { Asked } from './asked.js';
import { SCHEMA } from '../schema.js';

/** A row of actions.actions: the action, and what only this service knows of it. */
export interface ActionRow {
  action: Action;
  /** null: the queue has not taken it, or it does not queue. */
  queueSeq: number | null;
  fencingToken: string | null;
  requestHash: string;
  /** Who works on it; null: nobody, or its worker has let it go. */
  worker: string | null;
}

/** The action alone, in the form of the contracts. */
const ACTION = `
  json_build_object(
    'id', id, 'version', version, 'providerId', provider_id, 'kind', kind, 'model', model, 'profile', profile,
    'inflightId', inflight_id, 'state', state, 'source', source, 'confirmed', confirmed, 'turn', turn,
    'createdAt', ${instantSql('created_at')}, 'startedAt', ${instantSql('started_at')},
    'endedAt', ${instantSql('ended_at')}, 'progress', progress, 'reason', reason
  )`;

export const ROW = `
  ${ACTION} AS action, queue_seq::float8 AS "queueSeq", fencing_token AS "fencingToken",
  request_hash AS "requestHash", worker`;

export interface NewAction {
  asked: Asked;
  source: string;
  idempotencyKey: string | null;
  requestHash: string;
}

export async function findAction(db: DataSource, id: string): Promise<ActionRow | null> {
  const [row] = await db.query<ActionRow[]>(`SELECT ${ROW} FROM actions.actions WHERE id = $1`, [id]);
  return row ?? null;
}

export async function findByKey(db: DataSource, idempotencyKey: string): Promise<ActionRow | null> {
  const [row] = await db.query<ActionRow[]>(`SELECT ${ROW} FROM actions.actions WHERE idempotency_key = $1`, [
    idempotencyKey,
  ]);
  return row ?? null;
}

const INSERT = `
  INSERT INTO actions.actions
    (id, version, provider_id, kind, model, profile, inflight_id, state, source, confirmed, created_at,
     started_at, worker, heartbeat_at, idempotency_key, request_hash, fencing_token)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now, CASE WHEN $11::text IS NULL THEN NULL ELSE now END,
         $11, CASE WHEN $11::text IS NULL THEN NULL ELSE now END, $12, $13, $14
  FROM (SELECT clock_timestamp() AS now) AS clock
  ON CONFLICT (idempotency_key) DO NOTHING
  RETURNING ${ROW}`;

async function insert(
  manager: EntityManager,
  { asked, source, idempotencyKey, requestHash }: NewAction,
  [version, state, worker]: [number, string, string | null],
): Promise<ActionRow | null> {
  const [row] = await manager.query<ActionRow[]>(INSERT, [
    randomUUID(),
    version,
    asked.providerId,
    asked.kind,
    asked.model,
    asked.profile,
    asked.inflightId,
    state,
    source,
    asked.confirmed,
    worker,
    idempotencyKey,
    requestHash,
    asked.fencingToken,
  ]);
  return row ?? null;
}

/** A row that the queue has yet to take; nobody is told of it. null: its key is known already. */
export function insertQueued(db: DataSource, action: NewAction): Promise<ActionRow | null> {
  return insert(db.manager, action, [0, 'queued', null]);
}

/** An action that does not queue, begun by this worker at once. null: its key is known already. */
export function insertStarted(db: DataSource, action: NewAction, worker: string): Promise<ActionRow | null> {
  return db.transaction(async (manager) => {
    const row = await insert(manager, action, [1, 'started', worker]);
    if (row !== null) await tell(manager, 'started', row);
    return row;
  });
}

/** Removes a row that the queue never took. false: it took it after all. */
export async function removeUnaccepted(db: DataSource, id: string): Promise<boolean> {
  const [, removed] = await db.query<[unknown, number]>(
    `DELETE FROM actions.actions WHERE id = $1 AND state = 'queued' AND queue_seq IS NULL`,
    [id],
  );
  return removed === 1;
}

/**
 * One change with the fact of it, in one transaction, if the condition still holds; null when it does not.
 * @param set assignments, with parameters from $2
 * @param condition with the same parameters
 */
export function change(
  db: DataSource,
  event: ActionEvent,
  id: string,
  { set, condition, params }: { set: string; condition: string; params: readonly unknown[] },
): Promise<ActionRow | null> {
  return db.transaction(async (manager) => {
    // TypeORM answers an UPDATE with its rows and their number.
    const [[row]] = await manager.query<[ActionRow[], number]>(
      `UPDATE actions.actions SET version = version + 1, ${set} WHERE id = $1 AND ${condition} RETURNING ${ROW}`,
      [id, ...params],
    );
    if (row === undefined) return null;
    await tell(manager, event, row);
    return row;
  });
}

async function tell(manager: EntityManager, event: ActionEvent, { action }: ActionRow): Promise<void> {
  const { id, version, providerId, createdAt, startedAt, endedAt, progress } = action;
  const happened =
    event === 'queued' ? createdAt : event === 'progress' ? progress?.at : (endedAt ?? startedAt);
  const body: ActionFact = { event, at: happened ?? createdAt, action };
  await addToOutbox(manager, SCHEMA, {
    subject: subjects.action(providerId, event),
    msgId: `${id}:${version}`,
    body,
  });
}

/** The queue has taken it, at this place. null: that was known, or it is gone. */
export function accept(
  db: DataSource,
  id: string,
  { seq, turn }: { seq: number; turn: number },
): Promise<ActionRow | null> {
  return change(db, 'queued', id, {
    set: `queue_seq = $2, turn = $3`,
    condition: `state = 'queued' AND queue_seq IS NULL`,
    params: [seq, turn],
  });
}

/** From now on this worker may ask the host. null: it is not queued any more. */
export function begin(db: DataSource, id: string, worker: string): Promise<ActionRow | null> {
  return change(db, 'started', id, {
    set: `state = 'started', started_at = clock_timestamp(), worker = $2, heartbeat_at = clock_timestamp()`,
    condition: `state = 'queued'`,
    params: [worker],
  });
}

/** Ends what was not begun. null: it is not queued any more, or it changed since `version`. */
export function endQueued(
  db: DataSource,
  { id, version }: Pick<Action, 'id' | 'version'>,
  state: 'skipped' | 'cancelled',
  reason: Problem | null,
): Promise<ActionRow | null> {
  return change(db, state, id, {
    set: `state = $2, ended_at = clock_timestamp(), reason = $3`,
    condition: `state = 'queued' AND version = $4`,
    params: [state, asJson(reason), version],
  });
}

/** Since when it is at the head of its queue, by the clock of the database. */
export async function turnOf(db: DataSource, id: string): Promise<{ headSince: string; now: string }> {
  const before = `
    SELECT before.ended_at FROM actions.actions AS before
    WHERE before.provider_id = mine.provider_id AND before.turn < mine.turn AND before.ended_at IS NOT NULL
    ORDER BY before.ended_at DESC LIMIT 1`;
  const [row] = await db.query<{ headSince: string; now: string }[]>(
    `SELECT ${instantSql(`greatest(mine.created_at, (${before}))`)} AS "headSince",
       ${instantSql('clock_timestamp()')} AS now
     FROM actions.actions AS mine WHERE mine.id = $1`,
    [id],
  );
  if (row === undefined) throw new Error(`there is no action ${id}`);
  return row;
}

export const asJson = (value: object | null): string | null =>
  value === null ? null : JSON.stringify(value);
