import type { DataSource } from 'typeorm';

/** Removes a run that has ended, with its cells and samples. */
export function removeRun(
  db: DataSource,
  id: string,
): Promise<'removed' | 'unknown_run' | 'not_ended' | 'is_baseline'> {
  return db.transaction(async (manager) => {
    const [run] = await manager.query<{ isEnded: boolean; isBaseline: boolean }[]>(
      `SELECT ended_at IS NOT NULL AS "isEnded",
         EXISTS (SELECT 1 FROM bench.baselines WHERE run_id = runs.id) AS "isBaseline"
       FROM bench.runs WHERE id = $1 FOR UPDATE`,
      [id],
    );
    if (run === undefined) return 'unknown_run';
    if (!run.isEnded) return 'not_ended';
    if (run.isBaseline) return 'is_baseline';
    await manager.query(`DELETE FROM bench.runs WHERE id = $1`, [id]);
    return 'removed';
  });
}

/**
 * Removes what ended longer ago and is nobody's baseline; resolves to how many, at most 100. What was imported ended whenever
 * it was measured: it is kept from its import on.
 */
export async function removeOldRuns(db: DataSource, days: number): Promise<number> {
  const [, removed] = await db.query<[unknown, number]>(
    `DELETE FROM bench.runs WHERE id IN (
       SELECT id FROM bench.runs, LATERAL (SELECT clock_timestamp() - make_interval(days => $1) AS oldest) AS kept
       WHERE ended_at < oldest AND created_at < oldest
         AND NOT EXISTS (SELECT 1 FROM bench.baselines WHERE run_id = runs.id)
       ORDER BY ended_at LIMIT 100)`,
    [days],
  );
  return removed;
}
