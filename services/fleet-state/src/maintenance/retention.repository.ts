import { instantSql } from '@boocontrol/platform';
import type { EntityManager } from 'typeorm';
import type { HostHour } from '../perf/rollup.repository.js';

/** Tables with a time of their own. */
export const AGING = {
  requests: { table: 'fleet.requests', time: 'ts', isHypertable: true },
  modelEvents: { table: 'fleet.model_events', time: 'ts', isHypertable: true },
  perfSamples: { table: 'fleet.perf_samples', time: 'ts', isHypertable: true },
  rollups: { table: 'fleet.perf_rollup_5m', time: 'bucket', isHypertable: false },
  captures: { table: 'fleet.captures', time: 'ts', isHypertable: false },
  attempts: { table: 'fleet.dispatch_attempts', time: 'ended_at', isHypertable: false },
} as const;
export type Aging = (typeof AGING)[keyof typeof AGING];

/** Hours of hosts that hold rows from before the cutoff. */
export function agedHours(tx: EntityManager, { table, time }: Aging, cutoff: string): Promise<HostHour[]> {
  return tx.query(
    `SELECT DISTINCT provider_id AS "providerId", ${instantSql(`date_trunc('hour', ${time}, 'UTC')`)} AS hour
     FROM ${table} WHERE ${time} < $1::timestamptz ORDER BY 1, 2`,
    [cutoff],
  );
}

// A sample whose bucket is due stays. The mark and the sample are committed together, so this one statement sees both or none.
const IS_ROLLED_UP = `AND NOT EXISTS (
  SELECT FROM fleet.perf_rollup_due d
  WHERE d.provider_id = aging.provider_id AND d.bucket = time_bucket(INTERVAL '5 minutes', aging.ts))`;

/** Deletes a host's rows of one hour; resolves to how many. Raw samples go only when they are rolled up. */
export async function deleteHour(
  tx: EntityManager,
  { table, time }: Aging,
  { providerId, hour }: HostHour,
): Promise<number> {
  const [answer] = await tx.query<{ deleted: number }[]>(
    `WITH gone AS (
       DELETE FROM ${table} AS aging
       WHERE provider_id = $1 AND ${time} >= $2::timestamptz AND ${time} < $2::timestamptz + INTERVAL '1 hour'
       ${table === AGING.perfSamples.table ? IS_ROLLED_UP : ''}
       RETURNING 1)
     SELECT count(*)::int AS deleted FROM gone`,
    [providerId, hour],
  );
  return answer?.deleted ?? 0;
}

export interface Chunk {
  /** Schema and name, quoted where needed. */
  name: string;
  /** As PostgreSQL writes a timestamptz: a host's clock at year 1 makes a chunk that begins before Christ. */
  from: string;
  to: string;
}

/** Chunks that lie wholly before the cutoff. */
export function agedChunks(tx: EntityManager, { table }: Aging, cutoff: string): Promise<Chunk[]> {
  return tx.query(
    `SELECT format('%I.%I', chunk_schema, chunk_name) AS name,
       range_start::text AS "from", range_end::text AS "to"
     FROM timescaledb_information.chunks
     WHERE format('%I.%I', hypertable_schema, hypertable_name) = $1 AND range_end <= $2::timestamptz
     ORDER BY range_start`,
    [table, cutoff],
  );
}

const IS_DUE = `
  SELECT EXISTS (
    SELECT FROM fleet.perf_rollup_due WHERE bucket >= $1::timestamptz AND bucket < $2::timestamptz) AS due`;

/**
 * Drops a chunk; false when it holds samples that are not rolled up. The lock comes first: after it nobody can add
 * samples to the chunk, and whoever did has left a mark. Call in a transaction of its own.
 */
export async function dropChunk(tx: EntityManager, { table }: Aging, chunk: Chunk): Promise<boolean> {
  // Whoever reads the chunk for long must not make everyone else wait behind this lock.
  await tx.query(`SET LOCAL lock_timeout = '5s'`);
  await tx.query(`LOCK TABLE ${chunk.name} IN ACCESS EXCLUSIVE MODE`);
  if (table === AGING.perfSamples.table) {
    const [answer] = await tx.query<{ due: boolean }[]>(IS_DUE, [chunk.from, chunk.to]);
    if (answer?.due !== false) return false;
  }
  await tx.query(
    `SELECT drop_chunks($1::regclass, older_than => $3::timestamptz, newer_than => $2::timestamptz)`,
    [table, chunk.from, chunk.to],
  );
  return true;
}
