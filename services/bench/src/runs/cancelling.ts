import { calls, type BenchRun } from '@boocontrol/contracts';
import { BUS, cancelJob, LOG, Outbox, type Log } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NO_SUCH_RUN } from './details.js';
import { jobs } from './jobs.js';
import { cancelQueued } from './runs.repository.js';

/** Ends runs before their end. */
@Injectable()
export class Cancelling {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /** @throws {CallError} `unknown_run`, `already_ended` */
  cancel(id: string, by: string): Promise<BenchRun> {
    const { db, nc, log, outbox } = this;
    const call = calls.cancelBench;
    return cancelJob(
      { db, nc, log, outbox, table: jobs, call, noSuchRun: NO_SUCH_RUN, cancelQueued },
      id,
      by,
    );
  }
}
