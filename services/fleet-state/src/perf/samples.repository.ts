import type { Perf } from '@boocontrol/contracts';
import type { EntityManager } from 'typeorm';
import { jsonRows } from '@boocontrol/platform';

// Sorted by their key, so that two transactions that write the same rows wait for each other instead of blocking each other.
// Marking a bucket as due locks its mark until the commit: whoever rolls it up waits, and then sees these samples.
const INSERT_PERF = `
  WITH inserted AS (
    INSERT INTO fleet.perf_samples (provider_id, ts, gpu, sys)
    SELECT "providerId", ts, gpus, sys
    FROM json_to_recordset($1::json) AS r ("providerId" text, ts timestamptz, gpus jsonb, sys jsonb)
    ORDER BY "providerId", ts
    ON CONFLICT DO NOTHING
    RETURNING provider_id, ts
  ), due AS (
    INSERT INTO fleet.perf_rollup_due (provider_id, bucket)
    SELECT DISTINCT provider_id, time_bucket(INTERVAL '5 minutes', ts) FROM inserted ORDER BY 1, 2
    ON CONFLICT (provider_id, bucket) DO UPDATE SET bucket = EXCLUDED.bucket
  )
  SELECT count(*)::int AS inserted FROM inserted`;

/** Resolves to the number of samples that were not there yet. Call inside the batch's transaction. */
export async function insertPerf(tx: EntityManager, rows: readonly Perf[]): Promise<number> {
  if (rows.length === 0) return 0;
  const [answer] = await tx.query<{ inserted: number }[]>(INSERT_PERF, [jsonRows(rows)]);
  return answer?.inserted ?? 0;
}
