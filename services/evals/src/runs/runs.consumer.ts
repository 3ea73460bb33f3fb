import { QueuedJobSchema, STREAM, subjects, type QueuedJob } from '@boocontrol/contracts';
import {
  CONFIG,
  isTransientDbError,
  jobTurn,
  LiveFleet,
  Outbox,
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

  @WorkQueue<QueuedJob>({
    name: 'runs',
    stream: STREAM.jobQueue,
    subject: subjects.queuedJobsOf(jobs.kind),
    schemaFor: () => QueuedJobSchema,
    isTransient: (error) => isTransientDbError(error) || (error instanceof RpcError && error.isRetryable),
  })
  work({ value, signal }: Work<QueuedJob>): Promise<void> {
    const { db, config, outbox, live, directory, worker, timings } = this;
    const parts = { db, config, outbox, live, directory, worker, timings, table: jobs, evidence: EVIDENCE };
    return jobTurn(parts, value, signal);
  }
}
