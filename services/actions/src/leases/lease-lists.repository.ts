import type { Lease, LeasesPage, LeasesQuerySchema } from '@boocontrol/contracts';
import { CursorInstant, cursorCodec, pageOf } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { LEASE } from './leases.repository.js';

/** ended, id: the order of ended leases. */
const endedCursor = cursorCodec('l', z.tuple([CursorInstant, z.string().max(128)]));

const OF = `($1::text IS NULL OR provider_id = $1)`;

/** One page. @throws {CallError} `bad_cursor` */
export async function listLeases(
  db: DataSource,
  { providerId = null, limit, cursor }: Listed,
): Promise<LeasesPage> {
  const [endedAt, id] = cursor === undefined ? [null, null] : endedCursor.decode(cursor);
  const held = await db.query<{ lease: Lease }[]>(
    `SELECT ${LEASE} FROM actions.leases WHERE ended_at IS NULL AND ${OF} ORDER BY provider_id, since, id`,
    [providerId],
  );
  const found = await db.query<{ lease: Lease }[]>(
    `SELECT ${LEASE} FROM actions.leases
     WHERE ended_at IS NOT NULL AND ${OF} AND ($2::timestamptz IS NULL OR (ended_at, id) < ($2::timestamptz, $3::text))
     ORDER BY ended_at DESC, id DESC LIMIT $4`,
    [providerId, endedAt, id, limit + 1],
  );
  const ended = found.map(({ lease }) => lease);
  const { page, nextCursor } = pageOf(ended, limit, (last) =>
    endedCursor.encode([last.endedAt ?? '', last.id]),
  );
  return { held: held.map(({ lease }) => lease), ended: page, nextCursor };
}

type Listed = Omit<z.output<typeof LeasesQuerySchema>, 'providerId'> & {
  providerId?: string | null | undefined;
};

const LIMIT = 1_000;

/** Removes leases that ended longer ago, with their requests; resolves to how many, at most 1000. */
export async function removeOldLeases(db: DataSource, days: number): Promise<number> {
  const [, removed] = await db.query<[unknown, number]>(
    `DELETE FROM actions.leases WHERE id IN (
       SELECT id FROM actions.leases WHERE ended_at < clock_timestamp() - make_interval(days => $1)
       ORDER BY ended_at LIMIT ${LIMIT})`,
    [days],
  );
  return removed;
}

/**
 * Removes requests that need not be known singly any more: those of leases that ended so long ago that the log has them no
 * more and cannot bring them again. Resolves to how many, at most 10,000.
 */
export async function removeOldForeign(db: DataSource, days: number): Promise<number> {
  const [, removed] = await db.query<[unknown, number]>(
    `DELETE FROM actions.foreign_requests WHERE ctid = ANY(ARRAY(
       SELECT f.ctid FROM actions.foreign_requests f JOIN actions.leases l ON l.id = f.lease_id
       WHERE l.ended_at < clock_timestamp() - make_interval(days => $1) LIMIT 10000))`,
    [days],
  );
  return removed;
}
