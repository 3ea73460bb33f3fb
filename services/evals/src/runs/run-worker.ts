import { HostLeases } from '@boocontrol/client';
import {
  BUS,
  ENVIRONMENT,
  HostJobWorker,
  LOG,
  Outbox,
  ProviderDirectory,
  type Environment,
  type JobEnding,
  type Log,
} from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AskingRun, failureOf } from './asking-run.js';
import { jobs, STANDS, titleOf } from './jobs.js';
import { Marks } from './marks.js';
import type { RunRow } from './run-row.js';
import { endRun } from './runs.repository.js';
import { dropUnfinished } from './samples.repository.js';
import { Scoring } from './scoring.js';
import { rescore } from './summary.repository.js';
import { EVAL_TIMINGS, type EvalTimings } from './timings.js';

/** Takes runs that this process has begun, or taken over, to their end. */
@Injectable()
export class RunWorker extends HostJobWorker<RunRow> {
  constructor(
    @Inject(DataSource) db: DataSource,
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) log: Log,
    @Inject(Outbox) outbox: Outbox,
    @Inject(HostLeases) leases: HostLeases,
    @Inject(ProviderDirectory) directory: ProviderDirectory,
    @Inject(ENVIRONMENT) env: Environment,
    @Inject(AskingRun) asking: AskingRun,
    @Inject(Marks) marks: Marks,
    @Inject(Scoring) scoring: Scoring,
    @Inject(EVAL_TIMINGS) timings: EvalTimings,
  ) {
    const end = async ({ run: { id } }: RunRow, worker: string, ending: JobEnding): Promise<boolean> => {
      const scored = await scoring.knownOf(id);
      const ended = await endRun(db, id, worker, ending, async (manager) => {
        await dropUnfinished(manager, id);
        await marks.judgeIn(manager, id);
        await rescore(manager, id, scored);
      });
      if (ended === null) return false;
      await marks.judgeBefore(id);
      outbox.notify();
      return true;
    };
    super(
      { db, nc, log, leases, directory, env, service: 'evals', timings },
      {
        table: jobs,
        purposeOf: (row) => `eval: ${titleOf(row)}`,
        stands: STANDS,
        expectedS: (row) => asking.expectedS(row),
        work: (row, worker, address, circumstances) => asking.work(row, worker, address, circumstances),
        failureOf,
        end,
      },
    );
  }
}
