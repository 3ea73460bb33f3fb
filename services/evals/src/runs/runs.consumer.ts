import { QueuedJobSchema, STREAM, subjects, type QueuedJob } from '@boocontrol/contracts';
import {
  CONFIG,
  isTransientDbError,
  LiveFleet,
  newWorker,
  noteCut,
  Outbox,
  pause,
  ProviderDirectory,
  RpcError,
  WorkQueue,
  type BaseConfig,
  type Work,
} from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EVIDENCE } from './evidence.js';
import { jobs } from './jobs.js';
import type { RunRow } from './run-row.js';
import { RunWorker } from './run-worker.js';
import { EVAL_TIMINGS, type EvalTimings } from './timings.js';

/** Takes runs from the queue when their turn has come, one at a time for each host, hosts side by side. */
@Injectable()
export class RunsConsumer {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(CONFIG) private readonly config: BaseConfig,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(RunWorker) private readonly worker: RunWorker,
    @Inject(EVAL_TIMINGS) private readonly timings: EvalTimings,
  ) {}

  /** Until the run has ended, whoever ends it: the next one of the host must not begin before. */
  @WorkQueue<QueuedJob>({
    name: 'runs',
    stream: STREAM.jobQueue,
    subject: subjects.queuedJobsOf(jobs.kind),
    schemaFor: () => QueuedJobSchema,
    isTransient: (error) => isTransientDbError(error) || (error instanceof RpcError && error.isRetryable),
  })
  async work({ value, signal }: Work<QueuedJob>): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const row = await jobs.find(this.db, value.run);
      if (row === null || row.run.providerId !== value.providerId || row.run.endedAt !== null) return;
      await this.fleetIsRead(signal);
      const worker = newWorker(this.config);
      const held =
        row.run.state === 'queued'
          ? await jobs.begin(this.db, row.run.id, worker)
          : await this.takeOver(row.run.id, worker);
      this.outbox.notify();
      if (held !== null) await this.worker.run(held, worker, signal);
      // Somebody else may be at it.
      else await pause(this.timings.lookAgainMs, signal);
    }
  }

  private takeOver(id: string, worker: string): Promise<RunRow | null> {
    return this.db.transaction(async (manager) => {
      const row = await jobs.takeOver(manager, id, worker, this.timings.abandonedMs);
      if (row !== null) await noteCut(manager, EVIDENCE, id);
      return row;
    });
  }

  private async fleetIsRead(signal: AbortSignal): Promise<void> {
    while (this.live.state === null || !this.directory.isRead) {
      await pause(this.timings.lookAgainMs, signal);
      signal.throwIfAborted();
    }
  }
}
