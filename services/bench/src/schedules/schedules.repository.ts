import { randomUUID } from 'node:crypto';
import type { BenchSchedule, BenchScheduleInputSchema } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { CursorInstant, cursorCodec, instantSql, pageOf } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { z } from 'zod';

export type ScheduleInput = z.output<typeof BenchScheduleInputSchema>;
export type Last = NonNullable<BenchSchedule['last']>;

interface Row {
  id: string;
  input: ScheduleInput;
  nextAt: BenchSchedule['nextAt'];
  last: Last | null;
  createdAt: string;
}

const ROW = `
  id, input, ${instantSql('next_at')} AS "nextAt", last, ${instantSql('created_at')} AS "createdAt"`;

const shown = ({ id, input, nextAt, last }: Row): BenchSchedule => ({ ...input, id, nextAt, last });

const PAGE = 100;
/** Whether it is not enabled, due, id: the order of the list. */
const listCursor = cursorCodec('d', z.tuple([z.boolean(), CursorInstant, z.uuid()]));
const ORDER = `(next_at IS NULL, coalesce(next_at, created_at), id)`;

/** One page, the next one first. @throws {CallError} `bad_cursor` */
export async function listSchedules(
  db: DataSource,
  cursor: string | undefined,
): Promise<{ schedules: BenchSchedule[]; nextCursor: string | null }> {
  const [isOff, at, id] = cursor === undefined ? [null, null, null] : listCursor.decode(cursor);
  const rows = await db.query<Row[]>(
    `SELECT ${ROW} FROM bench.schedules
     WHERE $1::boolean IS NULL OR ${ORDER} > ($1, $2::timestamptz, $3::uuid)
     ORDER BY next_at IS NULL, coalesce(next_at, created_at), id LIMIT $4`,
    [isOff, at, id, PAGE + 1],
  );
  const { page, nextCursor } = pageOf(rows, PAGE, (last) =>
    listCursor.encode([last.nextAt === null, last.nextAt ?? last.createdAt, last.id]),
  );
  return { schedules: page.map(shown), nextCursor };
}

/** What was due before and has not begun is not begun any more. null: there is none of that id. */
export async function storeSchedule(
  db: DataSource,
  id: string | undefined,
  input: ScheduleInput,
  nextMs: number | null,
): Promise<BenchSchedule | null> {
  const values = [JSON.stringify(input), nextMs === null ? null : instantFromMs(nextMs)];
  if (id !== undefined) {
    const [[row]] = await db.query<[Row[], number]>(
      `UPDATE bench.schedules SET input = $2, next_at = $3, pending_at = NULL, pending_since = NULL, pending_until = NULL
       WHERE id = $1 RETURNING ${ROW}`,
      [id, ...values],
    );
    return row === undefined ? null : shown(row);
  }
  const [row] = await db.query<Row[]>(
    `INSERT INTO bench.schedules (id, input, next_at, created_at) VALUES ($1, $2, $3, clock_timestamp()) RETURNING ${ROW}`,
    [randomUUID(), ...values],
  );
  return row === undefined ? null : shown(row);
}

/** false: there was none of that id. */
export async function removeSchedule(db: DataSource, id: string): Promise<boolean> {
  const [, removed] = await db.query<[unknown, number]>(`DELETE FROM bench.schedules WHERE id = $1`, [id]);
  return removed > 0;
}

/** One whose time has come. */
export interface Due {
  id: string;
  input: ScheduleInput;
  /** As it stands in the row, to the microsecond: what a change is compared with. */
  nextAt: string;
}

export function dueSchedules(db: DataSource, nowMs: number): Promise<Due[]> {
  return db.query<Due[]>(
    `SELECT id, input, ${instantSql('next_at')} AS "nextAt" FROM bench.schedules
     WHERE next_at <= $1 ORDER BY next_at LIMIT 100`,
    [instantFromMs(nowMs)],
  );
}

/** From now on it is pending, once: false when another process was faster, or it was changed. */
export async function makePending(
  db: DataSource,
  { id, nextAt }: Due,
  { dueMs, nextMs, nowMs }: { dueMs: number; nextMs: number; nowMs: number },
): Promise<boolean> {
  const [, changed] = await db.query<[unknown, number]>(
    `UPDATE bench.schedules SET pending_at = $3, pending_since = clock_timestamp(), pending_until = $4, next_at = $5
     WHERE id = $1 AND next_at = $2::timestamptz`,
    [id, nextAt, instantFromMs(dueMs), instantFromMs(nowMs), instantFromMs(nextMs)],
  );
  return changed > 0;
}

/** One that is pending, and that one process is at. */
export interface Pending {
  id: string;
  input: ScheduleInput;
  /** When it was due. */
  pendingAt: string;
  /** When it was found to be due, by the clock of the database. */
  pendingSince: string;
}

/** Takes one that nobody is at, for so long; null: there is none. */
export async function takePending(db: DataSource, nowMs: number, forMs: number): Promise<Pending | null> {
  const [[row]] = await db.query<[Pending[], number]>(
    `UPDATE bench.schedules SET pending_until = $2 WHERE id = (
       SELECT id FROM bench.schedules WHERE pending_at IS NOT NULL AND pending_until <= $1
       ORDER BY pending_until LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id, input, ${instantSql('pending_at')} AS "pendingAt", ${instantSql('pending_since')} AS "pendingSince"`,
    [instantFromMs(nowMs), instantFromMs(nowMs + forMs)],
  );
  return row ?? null;
}

/** It is looked at again then. */
export async function putOff(db: DataSource, { id, pendingAt }: Pending, untilMs: number): Promise<void> {
  await db.query(
    `UPDATE bench.schedules SET pending_until = $3 WHERE id = $1 AND pending_at = $2::timestamptz`,
    [id, pendingAt, instantFromMs(untilMs)],
  );
}

export async function finishPending(db: DataSource, { id, pendingAt }: Pending, last: Last): Promise<void> {
  await db.query(
    `UPDATE bench.schedules SET last = $3, pending_at = NULL, pending_since = NULL, pending_until = NULL
     WHERE id = $1 AND pending_at = $2::timestamptz`,
    [id, pendingAt, JSON.stringify(last)],
  );
}

/** Runs that were begun for it already, by a process that did not come to write that down. */
export async function runsBegun(db: DataSource, { id, pendingSince }: Pending): Promise<number> {
  const [row] = await db.query<{ runs: number }[]>(
    `SELECT count(*)::int AS runs FROM bench.runs WHERE schedule_id = $1 AND created_at >= $2::timestamptz`,
    [id, pendingSince],
  );
  return row?.runs ?? 0;
}
