import { instantSql } from '@boocontrol/platform';
import type { HistoryDb } from '../db/history-db.js';
import { AGGREGATE, type AggregateRow } from './aggregate.sql.js';
import { ROLLUP_S, type PerfPlan } from './perf-plan.js';

export interface PerfBounds {
  /** Oldest and newest that is kept of the host, Unix milliseconds; null: nothing. */
  oldestMs: number | null;
  newestMs: number | null;
  /** Raw samples before it have been deleted; null: none were. */
  rawFromMs: number | null;
}

const BOUNDS = `
  SELECT
    extract(epoch FROM least(
      (SELECT min(bucket) FROM fleet.perf_rollup_5m WHERE provider_id = $1),
      (SELECT min(ts) FROM fleet.perf_samples WHERE provider_id = $1)))::float8 * 1000 AS "oldestMs",
    extract(epoch FROM (SELECT max(ts) FROM fleet.perf_samples WHERE provider_id = $1))::float8 * 1000 AS "newestMs",
    extract(epoch FROM (SELECT ts FROM fleet.watermarks WHERE name = 'raw_deleted'))::float8 * 1000 AS "rawFromMs"`;

// The metrics that a series shows.
const SERIES_GPU_METRICS = ['utilPct', 'memUsedMb', 'memTotalMb', 'tempC', 'powerW'];
const SERIES_SYS_METRICS = ['cpuUtilPct', 'memUsedMb'];

const COLUMNS = `${instantSql('bucket')} AS bucket, samples, gpu_agg AS gpus, sys_agg AS sys`;

/** Samples before the first step that tell how much network traffic its first sample stands for. */
const LOOK_BACK_MS = 120_000;

const RAW = `
  SELECT ${COLUMNS} FROM (${AGGREGATE}) AS steps WHERE bucket >= $8::timestamptz ORDER BY steps.bucket`;

const ROLLUPS = `
  SELECT ${COLUMNS} FROM fleet.perf_rollup_5m AS kept
  WHERE provider_id = $1 AND bucket >= $2::timestamptz AND bucket < $3::timestamptz AND NOT bucket = ANY($4::timestamptz[])`;

const DUE = `
  SELECT ${instantSql('bucket')} AS bucket FROM fleet.perf_rollup_due
  WHERE provider_id = $1 AND bucket >= $2::timestamptz AND bucket < $3::timestamptz
    AND bucket >= coalesce((SELECT ts FROM fleet.watermarks WHERE name = 'raw_deleted'), '-infinity')
  ORDER BY perf_rollup_due.bucket`;

const DUE_NOW = `SELECT ${COLUMNS} FROM (${AGGREGATE}) AS fresh WHERE bucket = ANY($8::timestamptz[])`;

export async function perfBounds(db: HistoryDb, providerId: string): Promise<PerfBounds> {
  const [bounds] = await db.rows<PerfBounds>(BOUNDS, [providerId]);
  return bounds ?? { oldestMs: null, newestMs: null, rawFromMs: null };
}

/** One row for each step that has samples, ascending. */
export function rawSteps(db: HistoryDb, providerId: string, plan: PerfPlan): Promise<AggregateRow[]> {
  const from = iso(plan.fromMs);
  const step = `${plan.stepS} seconds`;
  const metrics = [SERIES_GPU_METRICS, SERIES_SYS_METRICS];
  const look = iso(plan.fromMs - LOOK_BACK_MS);
  return db.rows(RAW, [providerId, look, iso(plan.toMs), step, ...metrics, true, from]);
}

/** One row for each 5 minutes that have samples, ascending. Buckets not rolled up yet are worked out from raw now. */
export async function rollupSteps(
  db: HistoryDb,
  providerId: string,
  plan: PerfPlan,
): Promise<AggregateRow[]> {
  const range = [providerId, iso(plan.fromMs), iso(plan.toMs)];
  const due = (await db.rows<{ bucket: string }>(DUE, range)).map(({ bucket }) => bucket);
  const rows = await db.rows<AggregateRow>(ROLLUPS, [...range, due]);
  const [first] = due;
  const last = due.at(-1);
  if (first !== undefined && last !== undefined) {
    const end = iso(Date.parse(last) + ROLLUP_S * 1_000);
    const metrics = [SERIES_GPU_METRICS, SERIES_SYS_METRICS];
    rows.push(
      ...(await db.rows<AggregateRow>(DUE_NOW, [
        providerId,
        first,
        end,
        '5 minutes',
        ...metrics,
        false,
        due,
      ])),
    );
  }
  return rows.sort((a, b) => (a.bucket < b.bucket ? -1 : 1));
}

/** Whole steps around what a lost clock says may reach beyond the years that PostgreSQL reads in this form. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59Z');
const iso = (ms: number): string => new Date(Math.min(Math.max(ms, FIRST_MS), LAST_MS)).toISOString();
