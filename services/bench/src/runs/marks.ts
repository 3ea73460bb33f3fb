import { UNATTRIBUTED } from '@boocontrol/contracts';
import {
  evidenceOf,
  isAllTold,
  isSameMarks,
  judge,
  Outbox,
  pause,
  runsBefore,
  type Expected,
} from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeMarks } from './cells.repository.js';
import { OUR_SOURCE } from './our-source.js';
import { jobs } from './jobs.js';
import { summarize } from './summary.repository.js';
import { BENCH_TIMINGS, type BenchTimings } from './timings.js';
import { Verdicts } from './verdicts.js';
import { EVIDENCE } from '../contamination/evidence.js';

const LOOK_EVERY_MS = 100;

/** Marks cells of runs during which something else happened to their host. */
@Injectable()
export class Marks {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Verdicts) private readonly verdicts: Verdicts,
    @Inject(BENCH_TIMINGS) private readonly timings: BenchTimings,
  ) {}

  /** Judges every cell of a run by all that is known now. @returns whether every request of ours was told of by the host */
  async judge(runId: string): Promise<boolean> {
    const { isAllTold, isChanged } = await this.db.transaction((manager) => this.judgeIn(manager, runId));
    if (isChanged) {
      await this.verdicts.refresh(runId);
      this.outbox.notify();
    }
    return isAllTold;
  }

  /** Once a run has ended, all that it has sent is known: what came just before it can be told from that. */
  async judgeBefore(runId: string): Promise<void> {
    for (const id of await runsBefore(this.db, EVIDENCE, runId)) await this.judge(id);
  }

  /** The same in a transaction; whoever holds that brings the verdict up to date where marks have changed. */
  async judgeIn(manager: EntityManager, runId: string): Promise<{ isAllTold: boolean; isChanged: boolean }> {
    const known = await evidenceOf(manager, EVIDENCE, runId);
    if (known === null) return { isAllTold: true, isChanged: false };
    const found = judge({ ...known, expected: EXPECTED });
    const changed = known.marks.filter(({ index, marks }) => !isSameMarks(marks, found.get(index) ?? []));
    for (const { index } of changed) await writeMarks(manager, runId, index, found.get(index) ?? []);
    if (changed.length > 0) {
      const row = await summarize(manager, runId);
      for (const { index, name, marks } of changed) {
        const isNew = marks.length === 0 && found.has(index);
        if (isNew) await jobs.tell(manager, row, 'cell', { index, cell: name, state: 'contaminated' });
      }
    }
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

const EXPECTED: Expected = { source: OUR_SOURCE, unknown: UNATTRIBUTED };
