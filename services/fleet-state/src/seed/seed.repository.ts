import type { Gap, Gpu, ModelState, Perf, Request, Sys } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import { REQUEST_COLUMNS } from '../activity/activity.repository.js';
import type { HistoryDb } from '../db/history-db.js';

/** A row of one host. */
export type Of<T> = { providerId: string } & T;

/** What is known of one model of one host; a part is null when only the other table has it. */
export type ModelRow = Of<{
  model: string;
  state: ModelState | null;
  /** Of the model's newest event. */
  ts: string | null;
  /** Of its last request. */
  endedAt: string | null;
}>;

const HOSTS = `
  SELECT provider_id AS "providerId" FROM fleet.hosts
  WHERE removed_at IS NULL AND provider_id > $1 ORDER BY provider_id LIMIT $2`;

const IS_LIVE = `SELECT FROM fleet.hosts WHERE removed_at IS NULL AND provider_id = $1`;

// $3: of that host only the models behind $4. Idle times before unload are minutes to hours; a day back is enough.
const MODELS = `
  WITH newest AS (
    SELECT DISTINCT ON (provider_id, model) provider_id, model, state, ts
    FROM fleet.model_events
    WHERE provider_id = ANY($1::text[]) AND model <> '*' AND (provider_id <> $3 OR model > $4)
    ORDER BY provider_id, model, ts DESC, seq DESC
  ), ends AS (
    SELECT provider_id, model, max(ended_at) AS ended_at
    FROM fleet.requests
    WHERE provider_id = ANY($1::text[]) AND ts >= $2::timestamptz - INTERVAL '1 day'
      AND (provider_id <> $3 OR model > $4)
    GROUP BY provider_id, model
  )
  SELECT provider_id AS "providerId", model, state, ${instantSql('newest.ts')} AS ts,
    ${instantSql('ends.ended_at')} AS "endedAt"
  FROM newest FULL JOIN ends USING (provider_id, model)
  ORDER BY provider_id, model LIMIT $5`;

const RECENT = `
  SELECT ${REQUEST_COLUMNS}, ${instantSql('ended_at')} AS "endedAt", ${instantSql('stated_at')} AS at
  FROM fleet.requests
  WHERE provider_id = ANY($1::text[]) AND ended_at >= $2::timestamptz AND ts >= $2::timestamptz - INTERVAL '1 day'
  ORDER BY ended_at DESC LIMIT $3`;

// GPU and system readings have tickers of their own: the newest of each, unless one is long gone.
const PERF = `
  SELECT newest.provider_id AS "providerId", ${instantSql('newest.ts')} AS ts, gpus.gpu AS gpus, systems.sys AS sys
  FROM unnest($1::text[]) AS host (id)
  CROSS JOIN LATERAL (
    SELECT provider_id, ts FROM fleet.perf_samples WHERE provider_id = host.id ORDER BY ts DESC LIMIT 1) AS newest
  LEFT JOIN LATERAL (
    SELECT gpu FROM fleet.perf_samples s
    WHERE s.provider_id = host.id AND gpu IS NOT NULL AND s.ts > newest.ts - INTERVAL '1 minute'
    ORDER BY s.ts DESC LIMIT 1) AS gpus ON true
  LEFT JOIN LATERAL (
    SELECT sys FROM fleet.perf_samples s
    WHERE s.provider_id = host.id AND sys IS NOT NULL AND s.ts > newest.ts - INTERVAL '1 minute'
    ORDER BY s.ts DESC LIMIT 1) AS systems ON true`;

const GAPS = `
  SELECT DISTINCT ON (provider_id) provider_id AS "providerId",
    detail->>'fromTs' AS "fromTs", detail->>'toTs' AS "toTs", detail->>'reason' AS reason,
    (detail->>'missing')::float8 AS missing
  FROM fleet.model_events
  WHERE provider_id = ANY($1::text[]) AND model = '*' AND state = 'gap_suspected'
  ORDER BY provider_id, ts DESC, seq DESC`;

/** By id, the first `limit` after one. */
export async function seedHosts(db: HistoryDb, after: string, limit: number): Promise<string[]> {
  return (await db.rows<{ providerId: string }>(HOSTS, [after, limit])).map(({ providerId }) => providerId);
}

/** False for a host that is not there any more. */
export async function isLive(db: HistoryDb, host: string): Promise<boolean> {
  return (await db.rows(IS_LIVE, [host])).length > 0;
}

/**
 * By host and model, the first `limit`.
 * @param since how far back requests are told; their models' last ends are known from a day before that
 * @param begun of this host only the models behind `model`; null: all of all
 */
export function seedModels(
  db: HistoryDb,
  hosts: string[],
  since: string,
  begun: { host: string; model: string } | null,
  limit: number,
): Promise<ModelRow[]> {
  return db.rows(MODELS, [hosts, since, begun?.host ?? '', begun?.model ?? '', limit]);
}

/** Newest first. */
export function seedRecent(db: HistoryDb, hosts: string[], since: string, limit: number): Promise<Request[]> {
  return db.rows(RECENT, [hosts, since, limit]);
}

export async function seedPerf(db: HistoryDb, hosts: string[]): Promise<Perf[]> {
  const rows = await db.rows<Of<{ ts: string; gpus: Gpu[] | null; sys: Sys | null }>>(PERF, [hosts]);
  // The watermarks are ingest's own; the table does not have them.
  return rows.map((row) => ({ ...row, at: row.ts, gpuTs: null, sysTs: null }));
}

export function seedGaps(
  db: HistoryDb,
  hosts: string[],
): Promise<Of<Pick<Gap, 'fromTs' | 'toTs' | 'reason' | 'missing'>>[]> {
  return db.rows(GAPS, [hosts]);
}
