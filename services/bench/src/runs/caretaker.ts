import { QueuedJobSchema, STREAM, subjects } from '@boocontrol/contracts';
import { BUS, CONFIG, JetStreamSetup, LOG, Outbox, Rounds, type Log } from '@boocontrol/platform';
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BenchConfig } from '../config.js';
import { forgetTraffic } from '../contamination/traffic.repository.js';
import { enqueueAgain, openRuns } from './held-runs.repository.js';
import { removeOldRuns } from './removal.repository.js';
import { KIND } from './tell.js';
import { BENCH_TIMINGS, type BenchTimings } from './timings.js';

const RETAIN_EVERY_MS = 3_600_000;

/**
 * Finds runs that no message leads to any more, as when the bus has lost its data, and queues them again; removes what is
 * too old. Any number of processes may do it: a run that is queued twice is measured once.
 */
@Injectable()
export class Caretaker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly kinds: readonly Rounds[];

  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(CONFIG) private readonly config: BenchConfig,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) private readonly setup: JetStreamSetup,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(BENCH_TIMINGS) private readonly timings: BenchTimings,
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

  /** The rows are read first: what was queued since is in neither. */
  private async compare(): Promise<void> {
    const idle = (await openRuns(this.db)).filter(({ idleMs }) => idleMs >= this.timings.unqueuedMs);
    if (idle.length === 0) return;
    const queued = await this.queued();
    for (const { id } of idle) {
      if (queued.has(id)) continue;
      this.log.warn({ run: id }, 'a run is in no queue any more, it is queued again');
      await enqueueAgain(this.db, id);
      this.outbox.notify();
    }
  }

  /** Runs that wait in the queues, or that a worker has taken from one and not brought to its end. */
  private async queued(): Promise<ReadonlySet<string>> {
    const jsm = await jetstreamManager(this.nc, { checkAPI: false, timeout: 2_000 });
    const found = new Set<string>();
    try {
      for (let seq = 1; ;) {
        const query = { seq, next_by_subj: subjects.queuedJobsOf(KIND) };
        const message = await jsm.streams.getMessage(STREAM.jobQueue, query);
        if (message === null) return found;
        const body = QueuedJobSchema.safeParse(message.json());
        if (body.success) found.add(body.data.run);
        seq = message.seq + 1;
      }
    } catch (error) {
      const isGone = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
      if (isGone) await this.setup.ensure();
      throw error;
    }
  }

  private async retain(): Promise<void> {
    while ((await removeOldRuns(this.db, this.config.BENCH_RETENTION_DAYS)) > 0);
    await forgetTraffic(this.db);
  }
}
