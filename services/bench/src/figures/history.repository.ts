import type { BenchHistory, BenchHistoryQuerySchema } from '@boocontrol/contracts';
import { fitPage, instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';

type Query = z.output<typeof BenchHistoryQuerySchema>;
type Point = BenchHistory['points'][number];

const RUN = `
  r.id AS "runId", ${instantSql('r.started_at')} AS at, r.provider_id AS "providerId", r.model,
  r.suite_name AS "suiteName", r.fingerprint->>'engineBuild' AS "engineBuild"`;

/** Runs that have ended; of imported ones only those of a suite that is asked for by its name. Parameters $1 to $5. */
const RUNS_ASKED = `
  r.ended_at > clock_timestamp() - make_interval(days => $1) AND r.started_at IS NOT NULL
  AND ($2::text IS NULL OR r.provider_id = $2) AND ($3::text IS NULL OR r.model = $3)
  AND ($4::text IS NULL OR r.suite_name = $4) AND (r.kind = 'measured' OR r.suite_name = $4)`;

export const CELLS = `
  SELECT ${RUN}, c.name AS cell, (c.figures->$6::text) - 'repetitions' AS value,
    c.contamination = '[]' AND c.pollution = '[]' AS "isClean"
  FROM bench.runs r JOIN bench.cells c ON c.run_id = r.id
  WHERE ${RUNS_ASKED} AND ($5::text IS NULL OR c.name = $5) AND c.figures ? $6::text
  ORDER BY r.ended_at DESC, r.id, c.index LIMIT $7`;

/** The one figure of a run as a whole. Its "cell" is called as the figure. */
const LOADS = `
  SELECT ${RUN}, 'load' AS cell, true AS "isClean", json_build_object(
    'n', 1, 'median', r.load_ms, 'low', null, 'high', null, 'p95', null, 'p99', null,
    'min', r.load_ms, 'max', r.load_ms) AS value
  FROM bench.runs r
  WHERE ${RUNS_ASKED} AND ($5::text IS NULL OR $5 = 'load') AND r.load_ms IS NOT NULL AND $6::text = 'loadMs'
  ORDER BY r.ended_at DESC, r.id LIMIT $7`;

/** As many of the newest as are asked for, and fit into an answer; oldest first. */
export async function figureHistory(db: DataSource, query: Query): Promise<BenchHistory> {
  const { figure, providerId = null, model = null, suite = null, cell = null, days, limit } = query;
  const params = [days, providerId, model, suite, cell, figure, limit + 1];
  const found = await db.query<Point[]>(figure === 'loadMs' ? LOADS : CELLS, params);
  const points = fitPage(found.slice(0, limit));
  return { points: points.toReversed(), leftOut: points.length < found.length };
}
