import { randomUUID } from 'node:crypto';
import type { BenchTarget, EvalRun, EvalSampler, EvalSuite } from '@boocontrol/contracts';
import { cancelledBy, type JobEnding } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { jobs, STANDS } from './jobs.js';
import { asJson, ROW, type RunRow } from './run-row.js';
import { planSamples, type PlannedSample } from './samples.repository.js';

/** What all runs of one launch have in common. */
export interface NewLaunch {
  suite: Pick<EvalSuite, 'name' | 'title' | 'category'>;
  suiteHash: string;
  k: number;
  isWhole: boolean;
  sampler: EvalSampler;
  concurrency: number;
  source: string;
  confirmed: boolean;
  samples: readonly PlannedSample[];
}

const INSERT = `
  INSERT INTO evals.runs
    (id, launch, version, suite_name, suite_hash, suite_title, category, provider_id, model, state, source, confirmed,
     created_at, queued_at, k, is_whole, sampler, concurrency, total)
  SELECT $1, $2, 1, $3, $4, $5, $6, $7, $8, 'queued', $9, $10, now, now, $11, $12, $13, $14, $15
  FROM (SELECT clock_timestamp() AS now) AS clock
  RETURNING ${ROW}`;

/** Queues a run for each target with its samples, all or none, with the facts of it. */
export function insertRuns(
  db: DataSource,
  launch: NewLaunch,
  targets: readonly BenchTarget[],
): Promise<EvalRun[]> {
  const { suite, suiteHash, k, isWhole, sampler, concurrency, source, confirmed, samples } = launch;
  const launchId = randomUUID();
  return db.transaction(async (manager) => {
    const runs: EvalRun[] = [];
    for (const { providerId, model } of targets) {
      const [row] = await manager.query<RunRow[]>(INSERT, [
        ...[randomUUID(), launchId, suite.name, suiteHash, suite.title, suite.category, providerId, model],
        ...[source, confirmed, k, isWhole, JSON.stringify(sampler), concurrency, samples.length],
      ]);
      if (row === undefined) throw new Error('a row that was inserted was not returned');
      await planSamples(manager, row.run.id, samples);
      await jobs.tell(manager, row, 'queued', {});
      await jobs.enqueue(manager, row);
      runs.push(row.run);
    }
    return runs;
  });
}

/** Ends what was not begun. null: it is not queued any more. */
export function cancelQueued(db: DataSource, id: string, by: string): Promise<RunRow | null> {
  return db.transaction(async (manager) => {
    const row = await jobs.change(manager, id, {
      set: `state = 'cancelled', ended_at = clock_timestamp(), cancelled_by = $2, reason = $3`,
      condition: `state = 'queued'`,
      params: [by, asJson(cancelledBy(by, STANDS))],
    });
    if (row !== null) await jobs.tell(manager, row, 'cancelled', {});
    return row;
  });
}

/** Puts a run that has ended into its queue again. null: it is not ended any more. */
export function requeue(manager: EntityManager, id: string, confirmed: boolean): Promise<RunRow | null> {
  return jobs.change(manager, id, {
    set: `state = 'queued', reason = NULL, ended_at = NULL, queued_at = clock_timestamp(), confirmed = $2,
      cancelled_by = NULL, takeovers = 0`,
    condition: `ended_at IS NOT NULL`,
    params: [confirmed],
  });
}

/**
 * @param judge marks its samples by what is known then and scores it, in the same transaction
 * @returns null: it is not this worker's any more, somebody else ends it
 */
export function endRun(
  db: DataSource,
  id: string,
  worker: string,
  ending: JobEnding,
  judge: (manager: EntityManager) => Promise<unknown>,
): Promise<RunRow | null> {
  return db.transaction(async (manager) => {
    const row = await jobs.end(manager, id, worker, ending);
    if (row === null) return null;
    await judge(manager);
    await jobs.tellEnding(manager, row, ending);
    return row;
  });
}

/** Removes a run that has ended, with its samples. */
export function removeRun(db: DataSource, id: string): Promise<'removed' | 'unknown_run' | 'not_ended'> {
  return db.transaction(async (manager) => {
    const [run] = await manager.query<{ isEnded: boolean }[]>(
      `SELECT ended_at IS NOT NULL AS "isEnded" FROM evals.runs WHERE id = $1 FOR UPDATE`,
      [id],
    );
    if (run === undefined) return 'unknown_run';
    if (!run.isEnded) return 'not_ended';
    await manager.query(`DELETE FROM evals.runs WHERE id = $1`, [id]);
    return 'removed';
  });
}

/** Removes what ended longer ago; resolves to how many, at most 100. */
export async function removeOldRuns(db: DataSource, days: number): Promise<number> {
  const [, removed] = await db.query<[unknown, number]>(
    `DELETE FROM evals.runs WHERE id IN (
       SELECT id FROM evals.runs WHERE ended_at < clock_timestamp() - make_interval(days => $1)
       ORDER BY ended_at LIMIT 100)`,
    [days],
  );
  return removed;
}
