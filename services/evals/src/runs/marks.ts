import type { Contamination } from '@boocontrol/contracts';
import { evidenceOf, isAllTold, isSameMarks, judge, pause, runsBefore } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { EVIDENCE, EXPECTED } from './evidence.js';
import { Scoring } from './scoring.js';
import { EVAL_TIMINGS, type EvalTimings } from './timings.js';

const LOOK_EVERY_MS = 100;

/** Marks samples of runs during which something else happened to their host. Their grade stands, their times do not count. */
@Injectable()
export class Marks {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Scoring) private readonly scoring: Scoring,
    @Inject(EVAL_TIMINGS) private readonly timings: EvalTimings,
  ) {}

  /** Judges every sample of a run by all that is known now. @returns whether every request of ours was told of by the host */
  async judge(runId: string): Promise<boolean> {
    const { isAllTold, isChanged } = await this.db.transaction((manager) => this.judgeIn(manager, runId));
    if (isChanged) await this.scoring.again(runId);
    return isAllTold;
  }

  /** Once a run has ended, all that it has sent is known: what came just before it can be told from that. */
  async judgeBefore(runId: string): Promise<void> {
    for (const id of await runsBefore(this.db, EVIDENCE, runId)) await this.judge(id);
  }

  /** The same in a transaction; whoever holds that scores the run anew where marks have changed. */
  async judgeIn(manager: EntityManager, runId: string): Promise<{ isAllTold: boolean; isChanged: boolean }> {
    const known = await evidenceOf(manager, EVIDENCE, runId);
    if (known === null) return { isAllTold: true, isChanged: false };
    const found = judge({ ...known, expected: EXPECTED });
    const changed = known.marks.filter(({ index, marks }) => !isSameMarks(marks, found.get(index) ?? []));
    for (const { index } of changed) await writeMarks(manager, runId, index, found.get(index) ?? []);
    if (changed.length > 0)
      await manager.query(
        `UPDATE evals.runs SET version = version + 1,
           contaminated = (SELECT count(*) FROM evals.samples WHERE run_id = $1 AND contamination <> '[]')
         WHERE id = $1`,
        [runId],
      );
    return { isAllTold: isAllTold(known, EXPECTED), isChanged: changed.length > 0 };
  }

  /** Rows of a host come a moment after what they tell of: waits for those of ours, so that what came before them is known too. */
  async settle(runId: string, signal: AbortSignal): Promise<void> {
    const untilMs = performance.now() + this.timings.settleMs;
    while (!(await this.judge(runId)) && performance.now() < untilMs) {
      await pause(LOOK_EVERY_MS, signal);
      signal.throwIfAborted();
    }
  }
}

async function writeMarks(
  manager: EntityManager,
  runId: string,
  n: number,
  marks: readonly Contamination[],
): Promise<void> {
  await manager.query(`UPDATE evals.samples SET contamination = $3 WHERE run_id = $1 AND n = $2`, [
    runId,
    n,
    JSON.stringify(marks),
  ]);
}
