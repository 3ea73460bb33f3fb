import { instantSql } from '@boocontrol/platform';
import type { EntityManager } from 'typeorm';
import { AGGREGATE, GPU_METRICS, SYS_METRICS } from './aggregate.sql.js';

/** An hour of a host: what is rolled up, or deleted, in one transaction. */
export interface HostHour {
  providerId: string;
  /** Its start, an Instant. */
  hour: string;
}

const DUE_HOURS = `
  SELECT provider_id AS "providerId", ${instantSql("date_trunc('hour', bucket, 'UTC')")} AS hour
  FROM fleet.perf_rollup_due WHERE bucket + INTERVAL '5 minutes' <= $1::timestamptz
  GROUP BY 1, 2 ORDER BY 1, 2`;

const TAKE_DUE = `
  WITH taken AS (
    DELETE FROM fleet.perf_rollup_due
    WHERE provider_id = $1 AND bucket >= $2::timestamptz AND bucket < $2::timestamptz + INTERVAL '1 hour'
      AND bucket + INTERVAL '5 minutes' <= $3::timestamptz
    RETURNING bucket
  )
  SELECT ${instantSql('bucket')} AS bucket FROM taken`;

// Below the watermark raw samples have been deleted: a bucket that has its row there keeps it, for a sample that comes
// so late (or again) would make it anew from a part of what it was.
const ROLL_UP = `
  INSERT INTO fleet.perf_rollup_5m AS kept (provider_id, bucket, samples, gpu_agg, sys_agg)
  SELECT $1, bucket, samples, gpu_agg, sys_agg FROM (${AGGREGATE}) AS fresh
  WHERE bucket = ANY($8::timestamptz[])
  ON CONFLICT (provider_id, bucket) DO UPDATE SET
    samples = EXCLUDED.samples, gpu_agg = EXCLUDED.gpu_agg, sys_agg = EXCLUDED.sys_agg
  WHERE kept.bucket >= coalesce((SELECT ts FROM fleet.watermarks WHERE name = 'raw_deleted'), '-infinity')`;

/** Hours with closed buckets that got samples since they were last rolled up. */
export function dueHours(tx: EntityManager, now: string): Promise<HostHour[]> {
  return tx.query(DUE_HOURS, [now]);
}

/**
 * Rolls up the due buckets of an hour, recomputed from raw. Call in a transaction of its own (READ COMMITTED): taking the
 * marks waits for writers that hold them, and the statement after it sees what they wrote. Resolves to how many there were.
 */
export async function rollUpHour(
  tx: EntityManager,
  { providerId, hour }: HostHour,
  now: string,
): Promise<number> {
  const taken = await tx.query<{ bucket: string }[]>(TAKE_DUE, [providerId, hour, now]);
  if (taken.length === 0) return 0;
  const end = new Date(Date.parse(hour) + 3_600_000).toISOString();
  const buckets = taken.map(({ bucket }) => bucket);
  await tx.query(ROLL_UP, [providerId, hour, end, '5 minutes', GPU_METRICS, SYS_METRICS, false, buckets]);
  return taken.length;
}
