import { calls, type BenchRun, type RerunBenchSchema, type RerunCells } from '@boocontrol/contracts';
import { Outbox, refuse } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { Admission } from './admission.js';
import { NO_SUCH_RUN } from './details.js';
import type { RunRow } from './run-row.js';
import { jobs } from './jobs.js';
import { summarize } from './summary.repository.js';

const call = calls.rerunBench;

/** Has cells of runs measured again, or those that a run did not come to. */
@Injectable()
export class Reruns {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Admission) private readonly admission: Admission,
  ) {}

  /** @throws {CallError} what `calls.rerunBench` refuses; {RpcError} `unavailable`; {LeaseError} */
  async rerun(id: string, { cells, confirm }: z.output<typeof RerunBenchSchema>): Promise<BenchRun> {
    const row = await jobs.find(this.db, id);
    if (row === null) throw refuse(call, 'unknown_run', NO_SUCH_RUN);
    if (row.run.endedAt === null) throw notEnded();
    if (row.run.kind !== 'measured')
      throw refuse(
        call,
        'not_measured',
        'It was imported, so there is nothing that could be measured again.',
      );
    const why = await this.admission.objectionTo(row.run, confirm);
    if (why !== null) throw refuse(call, why.code, why.message, why.details);
    if (cells === 'unmeasured' && isWhole(row.run))
      throw refuse(
        call,
        'nothing_to_measure',
        'This run has measured all of its cells, or left them out for a reason.',
      );
    const queued = await this.db.transaction(async (manager) => {
      const changed = await jobs.change(manager, id, {
        set: `state = 'queued', reason = NULL, ended_at = NULL, queued_at = clock_timestamp(), confirmed = $2,
          cancelled_by = NULL, spent_ms = 0, spent_errors = 0, takeovers = 0, rerun = $3,
          cells_total = CASE WHEN $3 THEN coalesce(cells_total, cells_done) ELSE cells_total END`,
        condition: `ended_at IS NOT NULL`,
        params: [confirm, cells !== 'unmeasured'],
      });
      if (changed === null) throw notEnded();
      if (cells !== 'unmeasured') await mark(manager, id, cells);
      await jobs.tell(manager, changed, 'queued', {});
      const summarized: RunRow = await summarize(manager, id);
      await jobs.enqueue(manager, summarized);
      return summarized;
    });
    this.outbox.notify();
    return queued.run;
  }
}

/** Whether nothing of its suite is left. Of a search only its end tells. */
const isWhole = ({ state, cellsDone, cellsTotal }: BenchRun): boolean =>
  cellsTotal === null ? state === 'succeeded' : cellsDone >= cellsTotal;

/** @throws {CallError} `nothing_to_measure`, `not_measured` */
async function mark(
  manager: EntityManager,
  id: string,
  cells: Exclude<RerunCells, 'unmeasured'>,
): Promise<void> {
  const wanted = cells === 'contaminated' ? null : [...new Set(cells)];
  const [, marked] = await manager.query<[unknown, number]>(
    `UPDATE bench.cells SET redo = true
     WHERE run_id = $1 AND state <> 'waiting' AND CASE WHEN $2::int[] IS NULL THEN contamination <> '[]' ELSE index = ANY($2) END`,
    [id, wanted],
  );
  if (wanted === null && marked === 0)
    throw refuse(
      call,
      'nothing_to_measure',
      'No cell of this run was contaminated, so none has to be measured again.',
    );
  if (wanted !== null && marked < wanted.length)
    throw refuse(call, 'not_measured', 'Some of these cells are not cells that this run has measured.');
}

const notEnded = (): Error =>
  refuse(call, 'not_ended', 'This run has not ended. Wait for its end, or cancel it first.');
