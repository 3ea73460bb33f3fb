import type { NatsConnection } from '@nats-io/transport-node';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { JetStreamSetup } from '../bus/jetstream-setup.js';
import { forgetTraffic } from '../contamination/traffic.repository.js';
import type { Log } from '../logs/logger.js';
import type { Outbox } from '../outbox/outbox.js';
import { Rounds } from '../rounds.js';
import type { Job, JobTable } from './job-table.js';
import { requeueLost } from './lost-jobs.js';

const RETAIN_EVERY_MS = 3_600_000;

interface CaretakerParts<Row extends { run: Job }> {
  db: DataSource;
  nc: NatsConnection;
  log: Log;
  setup: JetStreamSetup;
  outbox: Outbox;
  table: JobTable<Row>;
  /** Milliseconds between two rounds, and after which an open job that is in no queue is queued again. */
  timings: { careEveryMs: number; unqueuedMs: number };
  /** Of the service: its table `traffic` is kept short. */
  schema: string;
  /** Removes some jobs that ended too long ago; resolves to how many. */
  removeOld: () => Promise<number>;
}

/**
 * Finds jobs that no message leads to any more, as when the bus has lost its data, and queues them again; removes what is too
 * old. Any number of processes may do it: a job that is queued twice is done once.
 */
export class JobCaretaker<Row extends { run: Job }>
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly kinds: readonly Rounds[];

  constructor(private readonly parts: CaretakerParts<Row>) {
    const { log, timings } = parts;
    this.kinds = [
      new Rounds({
        log,
        everyMs: timings.careEveryMs,
        trouble: 'runs that wait could not be held against the queue, trying again',
        round: () => this.compare(),
      }),
      new Rounds({
        log,
        everyMs: RETAIN_EVERY_MS,
        againMs: timings.careEveryMs,
        trouble: 'old runs could not be removed, trying again',
        round: () => this.retain(),
      }),
    ];
  }

  onApplicationBootstrap(): void {
    for (const rounds of this.kinds) rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.kinds.map((rounds) => rounds.stop()));
  }

  private async compare(): Promise<void> {
    const { db, nc, setup, table, timings, log, outbox } = this.parts;
    const lost = await requeueLost({ db, nc, setup, table, unqueuedMs: timings.unqueuedMs });
    if (lost.length === 0) return;
    log.warn({ runs: lost }, 'runs are in no queue any more, they are queued again');
    outbox.notify();
  }

  private async retain(): Promise<void> {
    const { db, schema, removeOld } = this.parts;
    while ((await removeOld()) > 0);
    await forgetTraffic(db, schema);
  }
}
