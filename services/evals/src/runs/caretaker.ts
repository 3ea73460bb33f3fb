import { BUS, CONFIG, JetStreamSetup, JobCaretaker, LOG, Outbox, type Log } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EvalsConfig } from '../config.js';
import { SCHEMA } from '../schema.js';
import { jobs } from './jobs.js';
import type { RunRow } from './run-row.js';
import { removeOldRuns } from './runs.repository.js';
import { EVAL_TIMINGS, type EvalTimings } from './timings.js';

/** Looks after runs that nobody is at, and after old ones. */
@Injectable()
export class Caretaker extends JobCaretaker<RunRow> {
  constructor(
    @Inject(DataSource) db: DataSource,
    @Inject(BUS) nc: NatsConnection,
    @Inject(CONFIG) config: EvalsConfig,
    @Inject(LOG) log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
    @Inject(Outbox) outbox: Outbox,
    @Inject(EVAL_TIMINGS) timings: EvalTimings,
  ) {
    const removeOld = (): Promise<number> => removeOldRuns(db, config.EVAL_RETENTION_DAYS);
    super({ db, nc, log, setup, outbox, table: jobs, timings, schema: SCHEMA, removeOld });
  }
}
