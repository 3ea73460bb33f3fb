import type { BenchRunState, Fingerprint, LeaseEntry, Problem, Result } from '@boocontrol/contracts';
import type { Beat } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { noteCut } from '../contamination/evidence.repository.js';
import { HOLDER, OUR_SOURCE } from './our-source.js';
import { asJson, ROW, type RunRow } from './run-row.js';
import { changeRun, dropUnmeasured } from './runs.repository.js';
import { summarize } from './summary.repository.js';
import { enqueue, tell } from './tell.js';

// Runs that were begun: only whoever holds one changes it.

const MINE = `state = 'running' AND worker = $2`;

export async function heartbeat(db: DataSource, id: string, worker: string): Promise<Beat> {
  const [[row]] = await db.query<[{ isCancelAsked: boolean }[], number]>(
    `UPDATE bench.runs SET heartbeat_at = clock_timestamp() WHERE id = $1 AND ${MINE}
     RETURNING cancelled_by IS NOT NULL AS "isCancelAsked"`,
    [id, worker],
  );
  return { isOurs: row !== undefined, isCancelAsked: row?.isCancelAsked === true };
}

/** null: it is not this worker's any more. */
export function noteLease(
  db: DataSource,
  id: string,
  worker: string,
  leaseId: string,
): Promise<RunRow | null> {
  return changeRun(db.manager, id, { set: `lease_id = $3`, condition: MINE, params: [worker, leaseId] });
}

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
  return changeRun(db.manager, id, {
    set: `fingerprint = coalesce(fingerprint, $3), fingerprint_key = coalesce(fingerprint_key, $4), calibration = $5,
      load_ms = coalesce(load_ms, $6), cells_total = $7`,
    condition: MINE,
    params: [worker, asJson(fingerprint), fingerprintKey, asJson(calibration), loadMs, total],
  });
}

export interface RunEnding {
  state: Exclude<BenchRunState, 'queued' | 'running'>;
  reason: Problem | null;
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
  { state, reason }: RunEnding,
  { regressed, worst }: Verdict,
  judge: (manager: EntityManager) => Promise<unknown>,
): Promise<RunRow | null> {
  return db.transaction(async (manager) => {
    const row = await changeRun(manager, id, {
      set: `state = $3, reason = $4, regressed = $5, ended_at = clock_timestamp(), worker = NULL`,
      condition: MINE,
      params: [worker, state, asJson(reason), regressed],
    });
    if (row === null) return null;
    await dropUnmeasured(manager, id);
    await summarize(manager, id);
    await judge(manager);
    if (worst.length > 0) await tell(manager, row, 'regressed', { figures: worst });
    if (state === 'failed' || state === 'interrupted')
      await tell(manager, row, state, { reason: reason ?? UNSAID });
    else await tell(manager, row, state, {});
    return row;
  });
}

const UNSAID: Problem = { code: 'unknown', message: 'It ended without saying why.' };

/** The worker goes without ending it: the next one need not wait. */
export async function letGo(db: DataSource, id: string, worker: string): Promise<void> {
  await db.query(`UPDATE bench.runs SET worker = NULL WHERE id = $1 AND ${MINE}`, [id, worker]);
}

/**
 * Takes over what a worker began and does not work on any more.
 * @param abandonedMs milliseconds without a heartbeat
 * @returns null: somebody works on it, or it has ended
 */
export function takeOver(
  db: DataSource,
  id: string,
  worker: string,
  abandonedMs: number,
): Promise<RunRow | null> {
  return db.transaction(async (manager) => {
    const [[row]] = await manager.query<[RunRow[], number]>(
      `UPDATE bench.runs SET worker = $2, heartbeat_at = clock_timestamp(), takeovers = takeovers + 1
       WHERE id = $1 AND state = 'running' AND
         (worker IS NULL OR heartbeat_at < clock_timestamp() - make_interval(secs => $3::float8 / 1000))
       RETURNING ${ROW}`,
      [id, worker, abandonedMs],
    );
    if (row === undefined) return null;
    await noteCut(manager, id);
    return row;
  });
}

/** Whether a lease was acquired for a run that nobody works on: then nobody needs it any more. */
export async function isLeftOver(db: DataSource, leaseId: string, id: string): Promise<boolean> {
  const rows = await db.query<unknown[]>(
    `SELECT 1 FROM bench.runs WHERE lease_id = $1 AND (id = $2 OR state <> 'running')`,
    [leaseId, id],
  );
  return rows.length > 0;
}

/** Whether a run of this service is under way under this lease, or has acquired it just now and not yet written that down. */
export async function isOurLease(
  db: DataSource,
  { leaseId, providerId, holder, source }: Pick<LeaseEntry, 'leaseId' | 'providerId' | 'holder' | 'source'>,
): Promise<boolean> {
  const rows = await db.query<unknown[]>(
    `SELECT 1 FROM bench.runs WHERE lease_id = $1 OR ($2 AND provider_id = $3 AND state = 'running')`,
    [leaseId, holder === HOLDER && source === OUR_SOURCE, providerId],
  );
  return rows.length > 0;
}

/** Open runs, oldest first, with how long they have been as they are, in milliseconds. */
export function openRuns(
  db: DataSource,
): Promise<{ id: string; providerId: string; version: number; idleMs: number }[]> {
  return db.query(
    `SELECT id, provider_id AS "providerId", version,
       extract(epoch FROM clock_timestamp() - greatest(queued_at, heartbeat_at))::float8 * 1000 AS "idleMs"
     FROM bench.runs WHERE ended_at IS NULL ORDER BY queued_at LIMIT 5000`,
  );
}

/** Puts an open run into the queue once more. false: it has ended meanwhile. */
export function enqueueAgain(db: DataSource, id: string): Promise<boolean> {
  return db.transaction(async (manager) => {
    const row = await changeRun(manager, id, {
      set: `queued_at = queued_at`,
      condition: `ended_at IS NULL`,
      params: [],
    });
    if (row !== null) await enqueue(manager, row);
    return row !== null;
  });
}
