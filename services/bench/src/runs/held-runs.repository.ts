import type { Fingerprint, Result } from '@boocontrol/contracts';
import type { JobEnding } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { jobs } from './jobs.js';
import { asJson, type RunRow } from './run-row.js';
import { dropUnmeasured } from './runs.repository.js';
import { summarize } from './summary.repository.js';

// Runs that were begun: only whoever holds one changes it.

/** What is known of the host once it was looked at. */
export interface Looked {
  fingerprint: Fingerprint;
  fingerprintKey: string;
  calibration: Result['calibration'];
  /** null: it was loaded already. */
  loadMs: number | null;
  /** null: a search decides as it goes. */
  total: number | null;
}

/** null: it is not this worker's any more. */
export function noteLooked(
  db: DataSource,
  id: string,
  worker: string,
  { fingerprint, fingerprintKey, calibration, loadMs, total }: Looked,
): Promise<RunRow | null> {
  return jobs.changeMine(db.manager, id, worker, {
    set: `fingerprint = coalesce(fingerprint, $3), fingerprint_key = coalesce(fingerprint_key, $4), calibration = $5,
      load_ms = coalesce(load_ms, $6), cells_total = $7`,
    params: [asJson(fingerprint), fingerprintKey, asJson(calibration), loadMs, total],
  });
}

/** What became of a run that is held against its baseline. */
export interface Verdict {
  /** Figures that regressed; null: there is nothing to judge. */
  regressed: number | null;
  /** The worst of them, worst first. */
  worst: { cell: string; figure: string; ratio: number }[];
}

/**
 * @param judge marks its cells by what is known then, in the same transaction
 * @returns null: it is not this worker's any more, somebody else ends it
 */
export function endRun(
  db: DataSource,
  id: string,
  worker: string,
  ending: JobEnding,
  { regressed, worst }: Verdict,
  judge: (manager: EntityManager) => Promise<unknown>,
): Promise<RunRow | null> {
  return db.transaction(async (manager) => {
    const row = await jobs.end(manager, id, worker, ending, { set: ', regressed = $5', params: [regressed] });
    if (row === null) return null;
    await dropUnmeasured(manager, id);
    await summarize(manager, id);
    await judge(manager);
    if (worst.length > 0) await jobs.tell(manager, row, 'regressed', { figures: worst });
    await jobs.tellEnding(manager, row, ending);
    return row;
  });
}
