import type { Action, ActionsPage, ActionsQuerySchema } from '@boocontrol/contracts';
import { CursorInstant, cursorCodec, pageOf } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { ROW, type ActionRow } from './actions.repository.js';

/** ended, id: the order of ended actions. */
const endedCursor = cursorCodec('e', z.tuple([CursorInstant, z.uuid()]));

/** What the queue has taken, or what does not queue. */
const IS_OPEN = `ended_at IS NULL AND (queue_seq IS NOT NULL OR state <> 'queued')`;
const OF = `($1::text IS NULL OR provider_id = $1)`;

/** In the order of their turns. */
export async function openActions(db: DataSource, providerId: string | null): Promise<Action[]> {
  const rows = await db.query<Pick<ActionRow, 'action'>[]>(
    `SELECT ${ROW} FROM actions.actions WHERE ${IS_OPEN} AND ${OF} ORDER BY turn NULLS FIRST, created_at, id`,
    [providerId],
  );
  return rows.map(({ action }) => action);
}

/** One page. @throws {CallError} `bad_cursor` */
export async function listActions(
  db: DataSource,
  { providerId = null, limit, cursor }: Listed,
): Promise<ActionsPage> {
  const [endedAt, id] = cursor === undefined ? [null, null] : endedCursor.decode(cursor);
  const found = await db.query<Pick<ActionRow, 'action'>[]>(
    `SELECT ${ROW} FROM actions.actions
     WHERE ended_at IS NOT NULL AND ${OF} AND ($2::timestamptz IS NULL OR (ended_at, id) < ($2::timestamptz, $3::uuid))
     ORDER BY ended_at DESC, id DESC LIMIT $4`,
    [providerId, endedAt, id, limit + 1],
  );
  const actions = found.map(({ action }) => action);
  const { page, nextCursor } = pageOf(actions, limit, (last) =>
    endedCursor.encode([last.endedAt ?? '', last.id]),
  );
  return { open: await openActions(db, providerId), ended: page, nextCursor };
}

type Listed = Omit<z.output<typeof ActionsQuerySchema>, 'providerId'> & {
  providerId?: string | null | undefined;
};

/** How many actions of its host come before this one. */
export async function countAhead(db: DataSource, { providerId, turn }: Action): Promise<number> {
  const [row] = await db.query<{ ahead: number }[]>(
    `SELECT count(*)::int AS ahead FROM actions.actions WHERE ended_at IS NULL AND provider_id = $1 AND turn < $2`,
    [providerId, turn],
  );
  return row?.ahead ?? 0;
}

/** Rows that the caretaker holds against the queue. */
export interface Waiting {
  action: Action;
  queueSeq: number | null;
  /** Milliseconds since it was asked for. */
  ageMs: number;
}

export function waitingActions(db: DataSource): Promise<Waiting[]> {
  return db.query<Waiting[]>(
    `SELECT ${ROW}, extract(epoch FROM clock_timestamp() - created_at)::float8 * 1000 AS "ageMs"
     FROM actions.actions WHERE ended_at IS NULL AND state = 'queued' ORDER BY created_at LIMIT 5000`,
  );
}

/** Removes what ended longer ago; resolves to how many, at most 1000. */
export async function removeOldActions(db: DataSource, days: number): Promise<number> {
  const [, removed] = await db.query<[unknown, number]>(
    `DELETE FROM actions.actions WHERE id IN (
       SELECT id FROM actions.actions WHERE ended_at < clock_timestamp() - make_interval(days => $1)
       ORDER BY ended_at LIMIT 1000)`,
    [days],
  );
  return removed;
}
