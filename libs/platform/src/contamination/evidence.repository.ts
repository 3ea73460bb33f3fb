import type { Contamination } from '@boocontrol/contracts';
import { jsonRows } from '../db/json-rows.js';
import type { DataSource, EntityManager } from 'typeorm';
import type { Heard } from './heard.js';
import type { Cut, Window } from './judge.js';
import { TOLERANCE_MS, type Ours } from './matching.js';

/**
 * Where a service keeps what its runs are judged by: the tables `runs`, `sent`, `heard` of a schema, and, as SQL, what it
 * calls the pieces of a run that are marked one by one (cells, samples).
 */
export interface EvidenceTables {
  schema: string;
  /** Which of `runs` were measured here, by its columns. */
  isMeasured: string;
  /** How the path of requests of a row of `runs`, called `run`, ends. */
  path: string;
  /** index, fromMs, untilMs of pieces of run $1. */
  windows: string;
  /** index, name, marks of pieces of run $1. */
  marks: string;
  /** Since when what was sent for a row of `runs` is in no list; null: since it began. */
  unlistedSince: string;
}

/** A run during which something was heard of its host, at least for so long. Unix milliseconds. */
export interface Span {
  runId: string;
  providerId: string;
  fromMs: number;
  /** null: it is under way. */
  untilMs: number | null;
}

/** Runs that were under way at some time since then. */
export function spansSince(
  db: DataSource,
  { schema, isMeasured }: Pick<EvidenceTables, 'schema' | 'isMeasured'>,
  sinceMs: number,
): Promise<Span[]> {
  return db.query<Span[]>(
    `SELECT id AS "runId", provider_id AS "providerId", extract(epoch FROM started_at)::float8 * 1000 AS "fromMs",
       extract(epoch FROM ended_at)::float8 * 1000 AS "untilMs"
     FROM ${schema}.runs
     WHERE ${isMeasured} AND started_at IS NOT NULL
       AND (ended_at IS NULL OR ended_at >= to_timestamp($1::float8 / 1000))`,
    [sinceMs],
  );
}

/**
 * Each thing once, however often it is told; what is still under way is prolonged.
 * @returns the runs among them that have ended: nobody else judges these any more
 */
export function insertHeard(
  db: DataSource,
  { schema }: Pick<EvidenceTables, 'schema'>,
  heard: readonly { runId: string; heard: Heard }[],
): Promise<string[]> {
  const newest = new Map(heard.map(({ runId, heard: one }) => [`${runId} ${one.key}`, { runId, ...one }]));
  // In one order, so that processes do not wait for each other in a circle.
  const rows = [...newest.values()].toSorted((a, b) => (a.runId + a.key < b.runId + b.key ? -1 : 1));
  return db.transaction(async (manager) => {
    // A run that ends at this moment ends before, or judges what is written here.
    const runs = await manager.query<{ id: string; isEnded: boolean }[]>(
      `SELECT id, ended_at IS NOT NULL AS "isEnded" FROM ${schema}.runs WHERE id = ANY($1::uuid[]) ORDER BY id FOR SHARE`,
      [[...new Set(rows.map(({ runId }) => runId))]],
    );
    const ids = new Set(runs.map(({ id }) => id));
    await manager.query(
      `INSERT INTO ${schema}.heard AS known (run_id, key, kind, started_ms, ended_ms, body)
       SELECT "runId", key, kind, "startedMs", "endedMs", body FROM json_to_recordset($1::json)
         AS row ("runId" uuid, key text, kind text, "startedMs" float8, "endedMs" float8, body jsonb)
       ON CONFLICT (run_id, key) DO UPDATE SET ended_ms = greatest(known.ended_ms, excluded.ended_ms)`,
      [jsonRows(rows.filter(({ runId }) => ids.has(runId)))],
    );
    return runs.filter(({ isEnded }) => isEnded).map(({ id }) => id);
  });
}

/** The run itself ($1), and those of its host ($2) that were under way at about the same time ($3 to $4). */
const IS_NEAR = `(
  run.id = $1 OR (run.provider_id = $2 AND run.started_at <= to_timestamp($4::float8 / 1000)
    AND (run.ended_at IS NULL OR run.ended_at >= to_timestamp($3::float8 / 1000))))`;
/** Later than anything. */
const FAR_MS = 8e12;

/** What the cells of a run are judged by. */
export interface Known {
  providerId: string;
  model: string;
  windows: Window[];
  sent: Ours[];
  /** Since when another run of the same host is under way; null: none is. */
  besideSinceMs: number | null;
  cuts: Cut[];
  heard: Heard[];
  /** As they are marked now. */
  marks: { index: number; name: string; marks: Contamination[] }[];
}

/** Locks the run, so that of two who judge it the later one knows all that the earlier one did. null: it is gone. */
export async function evidenceOf(
  manager: EntityManager,
  tables: EvidenceTables,
  runId: string,
): Promise<Known | null> {
  const { schema, path } = tables;
  const [run] = await manager.query<Pick<Known, 'providerId' | 'model'>[]>(
    `SELECT provider_id AS "providerId", model FROM ${schema}.runs
     WHERE id = $1 AND ${tables.isMeasured} FOR NO KEY UPDATE`,
    [runId],
  );
  if (run === undefined) return null;
  const windows = await manager.query<Window[]>(tables.windows, [runId]);
  const from = windows.reduce((first, { fromMs }) => Math.min(first, fromMs), FAR_MS);
  const until = windows.reduce((last, { untilMs }) => Math.max(last, untilMs), 0);
  // Those of the run before it too: a host tells of them a moment later. And what was heard during that one: whose requests
  // are looked for without their rows takes those of others.
  const near = [runId, run.providerId, from - 2 * TOLERANCE_MS, until + 2 * TOLERANCE_MS];
  const sent = await manager.query<Known['sent']>(
    `SELECT sent.ended_ms AS "endedMs", sent.prompt_tokens AS "promptTokens", sent.output_tokens AS "outputTokens",
       run.model, ${path} AS path
     FROM ${schema}.runs AS run JOIN ${schema}.sent ON sent.run_id = run.id WHERE ${IS_NEAR}`,
    near,
  );
  const cuts = await manager.query<Cut[]>(
    `SELECT cut.started_ms AS "fromMs", cut.ended_ms AS "untilMs", run.model, ${path} AS path
     FROM ${schema}.runs AS run JOIN ${schema}.heard AS cut ON cut.run_id = run.id AND cut.kind = 'cut' WHERE ${IS_NEAR}`,
    near,
  );
  const heard = await manager.query<Heard[]>(
    `SELECT DISTINCT ON (key) key, heard.kind, heard.started_ms AS "startedMs", heard.ended_ms AS "endedMs", body
     FROM ${schema}.runs AS run JOIN ${schema}.heard ON heard.run_id = run.id
     WHERE ${IS_NEAR} AND heard.kind <> 'cut' ORDER BY key, heard.ended_ms DESC`,
    near,
  );
  const [beside] = await manager.query<{ sinceMs: number | null }[]>(
    `SELECT extract(epoch FROM min(greatest(started_at, queued_at)))::float8 * 1000 AS "sinceMs" FROM ${schema}.runs
     WHERE provider_id = $2 AND id <> $1 AND state = 'running'`,
    [runId, run.providerId],
  );
  const marks = await manager.query<Known['marks']>(tables.marks, [runId]);
  return { ...run, windows, sent, besideSinceMs: beside?.sinceMs ?? null, cuts, heard, marks };
}

/** Runs of the same host that ended only just before this one began. */
export async function runsBefore(
  db: DataSource,
  { schema, isMeasured }: Pick<EvidenceTables, 'schema' | 'isMeasured'>,
  runId: string,
): Promise<string[]> {
  const rows = await db.query<{ id: string }[]>(
    `SELECT before.id FROM ${schema}.runs AS run JOIN (SELECT * FROM ${schema}.runs WHERE ${isMeasured}) AS before
       ON before.provider_id = run.provider_id AND before.id <> run.id
     WHERE run.id = $1
       AND before.ended_at BETWEEN greatest(run.started_at, run.queued_at) - make_interval(secs => $2) AND run.ended_at`,
    [runId, (2 * TOLERANCE_MS) / 1_000],
  );
  return rows.map(({ id }) => id);
}

/** Another worker goes on with a run: what the one before it has sent since the last cell is in no list. */
export async function noteCut(
  manager: EntityManager,
  { schema, unlistedSince }: Pick<EvidenceTables, 'schema' | 'unlistedSince'>,
  runId: string,
): Promise<void> {
  await manager.query(
    `INSERT INTO ${schema}.heard (run_id, key, kind, started_ms, ended_ms, body)
     SELECT id, 'cut ' || now.ms, 'cut', now.from_ms, now.ms, '{}' FROM ${schema}.runs AS run, LATERAL (
       SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms,
         extract(epoch FROM greatest(started_at, queued_at,
           (${unlistedSince})))::float8 * 1000 AS from_ms) AS now
     WHERE id = $1 ON CONFLICT DO NOTHING`,
    [runId],
  );
}
