import type { EntityManager } from 'typeorm';
import { ROW, type RunRow } from './run-row.js';

/** Medians of the first clean cell, or of the first that has any. */
const HEADLINE = `
  SELECT (SELECT jsonb_object_agg(figure.key, figure.value->'median') FROM jsonb_each(cell.figures) AS figure)
  FROM bench.cells AS cell WHERE cell.run_id = $1 AND cell.figures <> '{}'
  ORDER BY (cell.contamination = '[]' AND cell.pollution = '[]') DESC, cell.index LIMIT 1`;

/** Writes into a run what a list of runs shows of its cells; after every change of those, in the same transaction. */
export async function summarize(manager: EntityManager, runId: string): Promise<RunRow> {
  const [[row]] = await manager.query<[RunRow[], number]>(
    `UPDATE bench.runs SET version = version + 1, cells_done = sums.done, contaminated = sums.touched,
       polluted = sums.off, headline = coalesce((${HEADLINE}), '{}')
     FROM (
       SELECT count(*) FILTER (WHERE state <> 'waiting' AND NOT redo)::int AS done,
         count(*) FILTER (WHERE contamination <> '[]')::int AS touched,
         count(*) FILTER (WHERE pollution <> '[]')::int AS off
       FROM bench.cells WHERE run_id = $1) AS sums
     WHERE id = $1 RETURNING ${ROW}`,
    [runId],
  );
  if (row === undefined) throw new Error(`there is no run ${runId}`);
  return row;
}
