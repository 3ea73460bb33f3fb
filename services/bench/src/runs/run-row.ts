import type { BenchRun, Fingerprint, Result, Suite } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';

/** A row of bench.runs: the run as it is told, and what only this service knows of it. */
export interface RunRow {
  run: BenchRun;
  suite: Suite;
  confirmed: boolean;
  fingerprint: Fingerprint | null;
  fingerprintKey: string | null;
  calibration: Result['calibration'];
  /** Who asked for its end; null: nobody. */
  cancelledBy: string | null;
  /** What it has used of the limits of its suite. */
  spentMs: number;
  spentErrors: number;
  /** How often another worker went on with it since it was queued. */
  takeovers: number;
  /** The last lease that was acquired for it; null: none yet. */
  leaseId: string | null;
  worker: string | null;
  /** Cells of it that were measured before are measured again; nothing else is. */
  rerun: boolean;
}

/** The run alone, in the form of the contracts. */
export const RUN = `
  json_build_object(
    'id', id, 'launch', launch, 'version', version, 'kind', kind, 'suiteName', suite_name, 'suiteHash', suite_hash,
    'providerId', provider_id, 'model', model, 'state', state, 'reason', reason, 'source', source,
    'scheduleId', schedule_id, 'createdAt', ${instantSql('created_at')}, 'startedAt', ${instantSql('started_at')},
    'endedAt', ${instantSql('ended_at')}, 'seed', seed, 'cellsDone', cells_done, 'cellsTotal', cells_total,
    'contaminated', contaminated, 'polluted', polluted, 'regressed', regressed, 'headline', headline,
    'loadMs', load_ms, 'engineBuild', fingerprint->>'engineBuild'
  )`;

export const ROW = `
  ${RUN} AS run, suite, confirmed, fingerprint, fingerprint_key AS "fingerprintKey", calibration,
  cancelled_by AS "cancelledBy", spent_ms AS "spentMs", spent_errors AS "spentErrors", takeovers,
  lease_id AS "leaseId", worker, rerun`;

export const asJson = (value: object | null): string | null =>
  value === null ? null : JSON.stringify(value);
