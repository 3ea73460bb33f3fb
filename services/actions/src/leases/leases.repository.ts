import { subjects, type Instant, type Lease, type LeaseEvent, type LeaseFact } from '@boocontrol/contracts';
import { addToOutbox, instantSql } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import type { BucketChange } from './bucket-change.js';
import { SCHEMA } from '../schema.js';

/** The lease in the form of the contracts. What is counted and not told yet does not show: it has no version. */
export const LEASE = `
  json_build_object(
    'id', id, 'version', version, 'providerId', provider_id, 'holder', holder, 'purpose', purpose, 'source', source,
    'since', ${instantSql('since')}, 'expectedUntil', ${instantSql('expected_until')},
    'endedAt', ${instantSql('ended_at')}, 'end', end_kind, 'endedBy', ended_by, 'foreignRequests', foreign_told
  ) AS lease`;
interface Row {
  lease: Lease;
}

/**
 * Brings the table to what a message of the bucket says, with the facts of it, in one transaction. Once, however often and
 * by however many processes it is written.
 * @param ttlMs of the bucket
 * @returns whether there is something to tell
 */
export function writeChange(db: DataSource, change: BucketChange, ttlMs: number): Promise<boolean> {
  return db.transaction(async (manager) => {
    const { providerId, at, token, entry } = change;
    if (entry === null) {
      const released = { end: 'released', by: null, at: `$4::timestamptz` } as const;
      return (await endBefore(manager, providerId, token, [at], released)) > 0;
    }
    let told = 0;
    if (entry.takenOverFrom !== null)
      told += await endTakenOver(manager, entry.takenOverFrom, entry.takenOverBy ?? entry.holder, at);
    // Whatever was there before has gone without a word.
    told += await endBefore(manager, providerId, entry.fencingToken ?? token, [at, ttlMs], {
      end: 'expired',
      by: null,
      at: `least($4::timestamptz, heard_at + make_interval(secs => $5::float8 / 1000))`,
    });
    told += await insert(manager, change, entry);
    await manager.query(
      `UPDATE actions.leases SET heard_at = $2 WHERE id = $1 AND ended_at IS NULL AND heard_at < $2::timestamptz`,
      [entry.leaseId, at],
    );
    if (entry.endedBy !== null) told += await endTakenOver(manager, entry.leaseId, entry.endedBy, at);
    return told > 0;
  });
}

/** A lease that is in the bucket no more, and nobody gave back. false: it has ended already. */
export function endExpired(db: DataSource, id: string, ttlMs: number): Promise<boolean> {
  return db.transaction(async (manager) => {
    const at = `least(clock_timestamp(), heard_at + make_interval(secs => $2::float8 / 1000))`;
    return (await end(manager, `id = $1`, [id, ttlMs], { end: 'expired', by: null, at })) > 0;
  });
}

interface Held {
  id: string;
  providerId: string;
}

/** Leases that the table has as held. */
export function heldLeases(db: DataSource): Promise<Held[]> {
  return db.query<Held[]>(
    `SELECT id, provider_id AS "providerId" FROM actions.leases WHERE ended_at IS NULL ORDER BY id`,
  );
}

interface Ending {
  end: NonNullable<Lease['end']>;
  by: string | null;
  /** SQL of the instant. */
  at: string;
}

function endTakenOver(manager: EntityManager, id: string, by: string, at: Instant): Promise<number> {
  return end(manager, `id = $1`, [id, at], { end: 'taken_over', by, at: `$2::timestamptz` });
}

/** Ends what is held on a host under a token that is older. `params` are those of `at`, from $4. */
function endBefore(
  manager: EntityManager,
  providerId: string,
  token: string,
  params: readonly unknown[],
  ending: Ending,
): Promise<number> {
  const isBefore = `provider_id = $1 AND (token_created_us, token_revision) < ($2::bigint, $3::bigint)`;
  return end(manager, isBefore, [providerId, ...token.split('.'), ...params], ending);
}

async function end(
  manager: EntityManager,
  which: string,
  params: readonly unknown[],
  { end: how, by, at }: Ending,
): Promise<number> {
  const [kind, who] = [`$${params.length + 1}`, `$${params.length + 2}`];
  const [ended] = await manager.query<[{ id: string }[], number]>(
    `UPDATE actions.leases SET ended_at = greatest(since, ${at}), end_kind = ${kind}, ended_by = ${who}
     WHERE ended_at IS NULL AND ${which} RETURNING id`,
    [...params, how, by],
  );
  for (const { id } of ended) await tellEnd(manager, how, id);
  return ended.length;
}

/** An expiry is found some time after it: what others had answered since then was not answered under the lease. */
async function tellEnd(manager: EntityManager, how: LeaseEvent, id: string): Promise<void> {
  const [[row]] = await manager.query<[Row[], number]>(
    `WITH late AS (
       DELETE FROM actions.foreign_requests AS request USING actions.leases AS lease
       WHERE lease.id = $1 AND request.lease_id = lease.id AND request.ended_at > lease.ended_at RETURNING 1)
     UPDATE actions.leases SET version = version + 1,
       foreign_counted = foreign_counted - (SELECT count(*)::int FROM late),
       foreign_told = foreign_counted - (SELECT count(*)::int FROM late), foreign_told_at = clock_timestamp()
     WHERE id = $1 RETURNING ${LEASE}`,
    [id],
  );
  if (row !== undefined) await tell(manager, how, row.lease, row.lease.endedAt ?? row.lease.since);
}

async function insert(
  manager: EntityManager,
  { providerId, at, token }: BucketChange,
  entry: NonNullable<BucketChange['entry']>,
): Promise<number> {
  const { leaseId, holder, purpose, source, acquiredAt, expectedUntil, fencingToken } = entry;
  const [created, revision] = (fencingToken ?? token).split('.');
  // The entry that acquires was taken at that moment by the bus; a later one leaves only what its holder says.
  const since = fencingToken === null || acquiredAt > at ? at : acquiredAt;
  const rows = await manager.query<Row[]>(
    `INSERT INTO actions.leases (id, version, provider_id, holder, purpose, source, since, expected_until, heard_at,
       token_created_us, token_revision)
     VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING ${LEASE}`,
    [leaseId, providerId, holder, purpose, source, since, expectedUntil, at, created, revision],
  );
  for (const { lease } of rows) await tell(manager, 'acquired', lease, lease.since);
  return rows.length;
}

/** The fact of a change that this very transaction has made. */
export async function tell(
  manager: EntityManager,
  event: LeaseEvent,
  lease: Lease,
  at: Instant,
): Promise<void> {
  const body: LeaseFact = { event, at, lease };
  await addToOutbox(manager, SCHEMA, {
    subject: subjects.lease(lease.providerId, event),
    msgId: `${lease.id}:${lease.version}`,
    body,
  });
}
