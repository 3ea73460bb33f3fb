import type { BenchTarget } from '@boocontrol/contracts';
import type { DataSource } from 'typeorm';

/** How many of the last runs are looked at. */
const LAST = 5;

/**
 * Seconds that the same suite took on the same target, its median over the last runs that came to their end; null: there is
 * none. Loading is not in it, nor is the time that a run waited to be measured again.
 */
export async function earlierSeconds(
  db: DataSource,
  { providerId, model }: BenchTarget,
  suiteHash: string,
): Promise<number | null> {
  const [row] = await db.query<{ seconds: number | null }[]>(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::float8 AS seconds FROM (
       SELECT (SELECT sum(extract(epoch FROM ended_at - started_at)) FROM bench.cells WHERE run_id = runs.id) AS seconds
       FROM bench.runs
       WHERE provider_id = $1 AND model = $2 AND suite_hash = $3 AND state = 'succeeded' AND kind = 'measured'
       ORDER BY ended_at DESC LIMIT ${LAST}) AS last
     WHERE seconds IS NOT NULL`,
    [providerId, model, suiteHash],
  );
  return row?.seconds ?? null;
}
