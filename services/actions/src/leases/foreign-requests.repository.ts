import type { Instant, Lease } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { LEASE, tell } from './leases.repository.js';

/** When a host was held, and by whose requests it was meant to be used. */
export interface Holding {
  id: string;
  providerId: string;
  source: string;
  since: Instant;
  /** null: it is held. */
  endedAt: Instant | null;
}

/** Leases that were held at some time from then on. */
export function holdingsSince(db: DataSource, from: Instant): Promise<Holding[]> {
  return db.query<Holding[]>(
    `SELECT id, provider_id AS "providerId", source, ${instantSql('since')} AS since,
       ${instantSql('ended_at')} AS "endedAt"
     FROM actions.leases WHERE ended_at IS NULL OR ended_at >= $1::timestamptz ORDER BY id`,
    [from],
  );
}

/** A request of somebody else while the host was held; (lease, entry, ts) is the key. */
export interface ForeignRequest {
  leaseId: string;
  entryId: number;
  ts: Instant;
  /** By our clock. */
  endedAt: Instant;
}

/** Counts each once, however often it is written, and none that ended after its lease did. Told later, by tellForeign. */
export function countForeign(db: DataSource, requests: readonly ForeignRequest[]): Promise<void> {
  return db.transaction(async (manager) => {
    // Leases are locked in one order, so that processes do not wait for each other in a circle.
    await manager.query(
      `SELECT FROM actions.leases WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE`,
      [requests.map(({ leaseId }) => leaseId)],
    );
    await manager.query(
      `WITH added AS (
         INSERT INTO actions.foreign_requests (lease_id, entry_id, ts, ended_at)
         SELECT seen.* FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::timestamptz[])
           AS seen (lease_id, entry_id, ts, ended_at)
         JOIN actions.leases AS lease ON lease.id = seen.lease_id
         WHERE lease.ended_at IS NULL OR seen.ended_at <= lease.ended_at
         ON CONFLICT DO NOTHING RETURNING lease_id)
       UPDATE actions.leases SET foreign_counted = foreign_counted + sums.n
       FROM (SELECT lease_id, count(*)::int AS n FROM added GROUP BY lease_id) AS sums WHERE id = sums.lease_id`,
      [
        requests.map(({ leaseId }) => leaseId),
        requests.map(({ entryId }) => entryId),
        requests.map(({ ts }) => ts),
        requests.map(({ endedAt }) => endedAt),
      ],
    );
  });
}

/**
 * Tells of what was counted, at most once a second for each lease over all processes.
 * @returns whether there is something to tell
 */
export function tellForeign(db: DataSource): Promise<boolean> {
  return db.transaction(async (manager) => {
    const [rows] = await manager.query<[{ lease: Lease; at: Instant }[], number]>(
      `UPDATE actions.leases SET version = version + 1, foreign_told = foreign_counted, foreign_told_at = clock_timestamp()
       WHERE id IN (
         SELECT id FROM actions.leases
         WHERE foreign_told < foreign_counted
           AND (foreign_told_at IS NULL OR foreign_told_at <= clock_timestamp() - interval '1 second')
         ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
       RETURNING ${LEASE}, ${instantSql('foreign_told_at')} AS at`,
    );
    for (const { lease, at } of rows) await tell(manager, 'foreign', lease, at);
    return rows.length > 0;
  });
}
