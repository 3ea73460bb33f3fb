import type { Cell, Fingerprint } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';

/** A run as one that others are held against, with what may have touched its cells left out. */
export interface Comparable {
  runId: string;
  startedAt: string;
  fingerprint: Fingerprint;
  cells: Cell[];
  /** Names of cells that something else may have touched. */
  contaminated: string[];
}

/** null: there is no such run, or nothing of it was measured. */
export async function comparable(db: DataSource, id: string): Promise<Comparable | null> {
  const [row] = await db.query<Comparable[]>(
    `SELECT id AS "runId", ${instantSql('started_at')} AS "startedAt", fingerprint,
       (SELECT coalesce(json_agg(json_build_object('name', name, 'spec', spec, 'state', state, 'reason', reason,
          'warmups', warmups, 'requests', requests, 'figures', figures, 'pollution', pollution) ORDER BY index), '[]')
        FROM bench.cells WHERE run_id = runs.id AND state IN ('measured', 'partial')) AS cells,
       (SELECT coalesce(json_agg(name), '[]') FROM bench.cells
        WHERE run_id = runs.id AND contamination <> '[]') AS contaminated
     FROM bench.runs WHERE id = $1 AND started_at IS NOT NULL AND fingerprint IS NOT NULL`,
    [id],
  );
  return row ?? null;
}

/** The run that somebody has set as the baseline; null: nobody has, or it is this very run. */
export async function chosenBaseline(db: DataSource, id: string): Promise<string | null> {
  const [row] = await db.query<{ id: string }[]>(
    `SELECT set.run_id AS id FROM bench.runs AS run JOIN bench.baselines AS set
       ON set.suite_name = run.suite_name AND set.provider_id = run.provider_id AND set.model = run.model
     WHERE run.id = $1 AND set.run_id <> $1`,
    [id],
  );
  return row?.id ?? null;
}

/** The last run of the same fingerprint that ended clean before this one began; null: there is none. */
export async function lastClean(db: DataSource, id: string): Promise<string | null> {
  const [row] = await db.query<{ id: string }[]>(
    `SELECT before.id FROM bench.runs AS run JOIN bench.runs AS before
       ON before.fingerprint_key = run.fingerprint_key AND before.id <> run.id
     WHERE run.id = $1 AND before.kind = 'measured' AND before.state = 'succeeded' AND before.contaminated = 0
       AND before.ended_at <= run.started_at
     ORDER BY before.ended_at DESC LIMIT 1`,
    [id],
  );
  return row?.id ?? null;
}

/** Of a run that has ended. */
export async function setRegressed(db: DataSource, id: string, regressed: number | null): Promise<void> {
  await db.query(
    `UPDATE bench.runs SET version = version + 1, regressed = $2
     WHERE id = $1 AND ended_at IS NOT NULL AND regressed IS DISTINCT FROM $2`,
    [id, regressed],
  );
}
