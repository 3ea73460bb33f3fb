import type { BenchBaseline, BenchTarget } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';

const BASELINE = `
  suite_name AS "suiteName", provider_id AS "providerId", model, run_id AS "runId", set_by AS "setBy",
  ${instantSql('set_at')} AS at`;

const MOST = 2_000;

export function listBaselines(db: DataSource): Promise<BenchBaseline[]> {
  return db.query<BenchBaseline[]>(
    `SELECT ${BASELINE} FROM bench.baselines ORDER BY suite_name, provider_id, model LIMIT ${MOST}`,
  );
}

/** What decides whether others can be held against a run. */
export interface Candidate {
  kind: 'measured' | 'imported';
  hasEnded: boolean;
  hasMeasured: boolean;
}

export async function candidate(db: DataSource, runId: string): Promise<Candidate | null> {
  const [row] = await db.query<Candidate[]>(
    `SELECT kind, ended_at IS NOT NULL AS "hasEnded",
       fingerprint IS NOT NULL AND EXISTS (
         SELECT FROM bench.cells WHERE run_id = id AND figures <> '{}') AS "hasMeasured"
     FROM bench.runs WHERE id = $1`,
    [runId],
  );
  return row ?? null;
}

/** Instead of the one before. null: the run has gone, or is measured again. */
export async function setBaseline(
  db: DataSource,
  runId: string,
  setBy: string,
): Promise<BenchBaseline | null> {
  const [row] = await db.query<BenchBaseline[]>(
    `INSERT INTO bench.baselines (suite_name, provider_id, model, fingerprint, run_id, set_by, set_at)
     SELECT suite_name, provider_id, model, fingerprint, id, $2, clock_timestamp()
     FROM bench.runs WHERE id = $1 AND ended_at IS NOT NULL AND fingerprint IS NOT NULL FOR KEY SHARE
     ON CONFLICT (suite_name, provider_id, model) DO UPDATE
     SET fingerprint = excluded.fingerprint, run_id = excluded.run_id, set_by = excluded.set_by, set_at = excluded.set_at
     RETURNING ${BASELINE}`,
    [runId, setBy],
  );
  return row ?? null;
}

export async function removeBaseline(
  db: DataSource,
  { suiteName, providerId, model }: BenchTarget & { suiteName: string },
): Promise<void> {
  await db.query(`DELETE FROM bench.baselines WHERE suite_name = $1 AND provider_id = $2 AND model = $3`, [
    suiteName,
    providerId,
    model,
  ]);
}
