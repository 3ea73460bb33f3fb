import type { EvalOutcome, EvalScore, EvalSpeed, Fingerprint } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import type { ItemOutcomes } from '../statistics/score.js';

/** The newest whole run of a suite by a model of a host, with its score. */
export interface ScoredRun {
  runId: string;
  providerId: string;
  model: string;
  suiteName: string;
  suiteHash: string;
  category: string;
  score: EvalScore;
  speed: EvalSpeed;
  at: string;
  quant: string | null;
  vramMb: number | null;
  vramReason: string | null;
  fingerprint: Fingerprint | null;
  /** Of the newest run of the same model and host, of whatever suite; null: not known. */
  newestFingerprint: Fingerprint | null;
}

const NEWEST = `
  SELECT DISTINCT ON (r.provider_id, r.model, r.suite_name)
    r.id AS "runId", r.provider_id AS "providerId", r.model, r.suite_name AS "suiteName",
    r.suite_hash AS "suiteHash", r.category, r.score,
    COALESCE(r.speed, jsonb_build_object('genTps', null, 'ttftMs', null, 'outputTokens', null,
      'concurrency', r.concurrency)) AS speed,
    ${instantSql('r.ended_at')} AS at, r.quant, r.vram_mb AS "vramMb",
    r.vram_reason AS "vramReason", r.fingerprint,
    (SELECT n.fingerprint FROM evals.runs n
     WHERE n.provider_id = r.provider_id AND n.model = r.model AND n.fingerprint IS NOT NULL
     ORDER BY n.created_at DESC LIMIT 1) AS "newestFingerprint"
  FROM evals.runs r
  WHERE r.state = 'succeeded' AND r.is_whole AND r.score IS NOT NULL
    AND ($1::text IS NULL OR r.category = $1) AND ($2::text IS NULL OR r.suite_name = $2)
  ORDER BY r.provider_id, r.model, r.suite_name, r.ended_at DESC, r.id DESC`;

export function newestRuns(
  db: DataSource,
  { category, suite }: { category?: string | undefined; suite?: string | undefined } = {},
): Promise<ScoredRun[]> {
  return db.query<ScoredRun[]>(NEWEST, [category ?? null, suite ?? null]);
}

/** Whole runs of one version of a suite, the newest of each model of each host. */
export function runsOfVersion(
  db: DataSource,
  suiteName: string,
  suiteHash: string,
): Promise<{ id: string }[]> {
  return db.query<{ id: string }[]>(
    `SELECT DISTINCT ON (provider_id, model) id FROM evals.runs
     WHERE suite_name = $1 AND suite_hash = $2 AND state = 'succeeded' AND is_whole
     ORDER BY provider_id, model, ended_at DESC, id DESC`,
    [suiteName, suiteHash],
  );
}

/** What became of the items of runs, each in the order of its suite; those in `leftOut` are not there. */
export async function outcomesOf(
  db: DataSource,
  runIds: readonly string[],
  families: ReadonlyMap<string, string>,
  leftOut: ReadonlySet<string>,
): Promise<Map<string, ItemOutcomes[]>> {
  const rows = await db.query<{ runId: string; item: string; outcomes: EvalOutcome[] }[]>(
    `SELECT run_id AS "runId", item, array_agg(outcome ORDER BY sample) AS outcomes
     FROM evals.samples WHERE run_id = ANY($1::uuid[]) AND outcome IS NOT NULL
     GROUP BY run_id, item ORDER BY min(n)`,
    [runIds],
  );
  const byRun = new Map<string, ItemOutcomes[]>(runIds.map((id) => [id, []]));
  for (const { runId, item, outcomes } of rows)
    if (!leftOut.has(item)) byRun.get(runId)?.push({ item, family: families.get(item) ?? null, outcomes });
  return byRun;
}
