import {
  BUS,
  CONFIG,
  forgetTraffic,
  JetStreamSetup,
  LOG,
  Outbox,
  requeueLost,
  Rounds,
  type Log,
} from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EvalsConfig } from '../config.js';
import { SCHEMA } from '../schema.js';
import { jobs } from './jobs.js';
import { removeOldRuns } from './runs.repository.js';
import { EVAL_TIMINGS, type EvalTimings } from './timings.js';

const RETAIN_EVERY_MS = 3_600_000;

/**
 * Finds runs that no message leads to any more, as when the bus has lost its data, and queues them again; removes what is
 * too old. Any number of processes may do it: a run that is queued twice is done once.
 */
@Injectable()
export class Caretaker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly kinds: readonly Rounds[];

  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(CONFIG) private readonly config: EvalsConfig,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) private readonly setup: JetStreamSetup,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(EVAL_TIMINGS) private readonly timings: EvalTimings,
  ) {
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
    const { db, nc, setup, timings } = this;
    const lost = await requeueLost({ db, nc, setup, table: jobs, unqueuedMs: timings.unqueuedMs });
    if (lost.length === 0) return;
    this.log.warn({ runs: lost }, 'runs are in no queue any more, they are queued again');
    this.outbox.notify();
  }

  private async retain(): Promise<void> {
    while ((await removeOldRuns(this.db, this.config.EVAL_RETENTION_DAYS)) > 0);
    await forgetTraffic(this.db, SCHEMA);
  }
}
