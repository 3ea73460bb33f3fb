import type { EvalOutcome, EvalSpeed } from '@boocontrol/contracts';
import type { EntityManager } from 'typeorm';
import { scoreOf } from '../statistics/score.js';

/** What a score needs to know of the version of a suite. */
export interface Scored {
  /** By item; those that stand alone are not in it. */
  families: ReadonlyMap<string, string>;
  /** Items that are in no score. */
  retired: ReadonlySet<string>;
}

/** Counts its samples anew, after a change of several of them at once; in the same transaction. */
export async function recount(manager: EntityManager, runId: string): Promise<void> {
  await manager.query(
    `UPDATE evals.runs SET version = version + 1, done = sums.done, total = sums.total, outcomes = sums.outcomes
     FROM (
       SELECT coalesce(sum(n) FILTER (WHERE outcome IS NOT NULL), 0)::int AS done, coalesce(sum(n), 0)::int AS total,
         coalesce(jsonb_object_agg(outcome, n) FILTER (WHERE outcome IS NOT NULL), '{}') AS outcomes
       FROM (SELECT outcome, count(*) AS n FROM evals.samples WHERE run_id = $1 GROUP BY outcome) AS each) AS sums
     WHERE id = $1`,
    [runId],
  );
}

/** Score and speed of a run from its samples as they are now. @returns whether either has changed */
export async function rescore(
  manager: EntityManager,
  runId: string,
  { families, retired }: Scored,
): Promise<boolean> {
  const [run] = await manager.query<{ k: number; concurrency: number }[]>(
    `SELECT k, concurrency FROM evals.runs WHERE id = $1 FOR NO KEY UPDATE`,
    [runId],
  );
  if (run === undefined) return false;
  const items = await manager.query<{ item: string; outcomes: EvalOutcome[] }[]>(
    `SELECT item, array_agg(outcome ORDER BY sample) AS outcomes FROM evals.samples
     WHERE run_id = $1 AND outcome IS NOT NULL GROUP BY item ORDER BY min(n)`,
    [runId],
  );
  const score = scoreOf(
    items
      .filter(({ item }) => !retired.has(item))
      .map(({ item, outcomes }) => ({ item, family: families.get(item) ?? null, outcomes })),
    run.k,
  );
  const speed = await speedOf(manager, runId, run.concurrency);
  const [, changed] = await manager.query<[unknown, number]>(
    `UPDATE evals.runs SET version = version + 1, score = $2, speed = $3,
       contaminated = (SELECT count(*) FROM evals.samples WHERE run_id = $1 AND contamination <> '[]')
     WHERE id = $1 AND (score, speed) IS DISTINCT FROM ($2::jsonb, $3::jsonb)`,
    [runId, json(score), json(speed)],
  );
  return changed > 0;
}

/** Medians of samples that nothing else touched. null: there is none yet. */
async function speedOf(
  manager: EntityManager,
  runId: string,
  concurrency: number,
): Promise<EvalSpeed | null> {
  const [row] = await manager.query<(Omit<EvalSpeed, 'concurrency'> & { answered: number })[]>(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gen_tps) AS "genTps",
       percentile_cont(0.5) WITHIN GROUP (ORDER BY ttft_ms) AS "ttftMs",
       percentile_cont(0.5) WITHIN GROUP (ORDER BY output_tokens) AS "outputTokens", count(e2e_ms)::int AS answered
     FROM evals.samples WHERE run_id = $1 AND outcome IS NOT NULL AND contamination = '[]'`,
    [runId],
  );
  if (row === undefined || row.answered === 0) return null;
  const { genTps, ttftMs, outputTokens } = row;
  return { genTps, ttftMs, outputTokens, concurrency };
}

const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
