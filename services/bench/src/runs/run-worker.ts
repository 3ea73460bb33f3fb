import { HostLeases } from '@boocontrol/client';
import { MeasureError } from '@boocontrol/measure';
import {
  BUS,
  ENVIRONMENT,
  failed,
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
import { endRun } from './held-runs.repository.js';
import { jobs, STANDS, titleOf } from './jobs.js';
import { Marks } from './marks.js';
import { Measuring } from './measuring.js';
import type { RunRow } from './run-row.js';
import { BENCH_TIMINGS, type BenchTimings } from './timings.js';
import { Verdicts } from './verdicts.js';

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
    @Inject(Measuring) measuring: Measuring,
    @Inject(Marks) marks: Marks,
    @Inject(Verdicts) verdicts: Verdicts,
    @Inject(BENCH_TIMINGS) timings: BenchTimings,
  ) {
    const end = async ({ run: { id } }: RunRow, worker: string, ending: JobEnding): Promise<boolean> => {
      const verdict = await verdicts.ofEnding(id);
      let isMarked = false;
      const ended = await endRun(db, id, worker, ending, verdict, async (manager) => {
        isMarked = (await marks.judgeIn(manager, id)).isChanged;
      });
      if (ended === null) return false;
      if (isMarked) await verdicts.refresh(id);
      await marks.judgeBefore(id);
      outbox.notify();
      return true;
    };
    super(
      { db, nc, log, leases, directory, env, service: 'bench', timings },
      {
        table: jobs,
        purposeOf: (row) => `bench: ${titleOf(row)}`,
        stands: STANDS,
        expectedS: (row) => measuring.expectedS(row),
        work: (row, worker, address, circumstances) => measuring.measure(row, worker, address, circumstances),
        failureOf: (error) =>
          error instanceof MeasureError ? failed({ code: error.code, message: error.message }) : null,
        end,
      },
    );
  }
}
