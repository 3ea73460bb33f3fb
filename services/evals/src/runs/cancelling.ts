import { calls, subjects, type EvalRun } from '@boocontrol/contracts';
import { BUS, LOG, Outbox, refuse, type Log } from '@boocontrol/platform';
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

  /** What waits is ended at once; whoever asks is told, and ends it within a second. @throws {CallError} */
  async cancel(id: string, by: string): Promise<EvalRun> {
    for (;;) {
      const row = await jobs.find(this.db, id);
      if (row === null) throw refuse(calls.cancelEval, 'unknown_run', NO_SUCH_RUN);
      if (row.run.endedAt !== null)
        throw refuse(
          calls.cancelEval,
          'already_ended',
          'This run has ended, so there is nothing to cancel.',
          {
            state: row.run.state,
          },
        );
      const changed =
        row.run.state === 'queued'
          ? await cancelQueued(this.db, id, by)
          : await jobs.askToCancel(this.db, id, by);
      if (changed === null) continue; // It changed in between.
      this.outbox.notify();
      if (changed.run.endedAt === null) this.tellWorker(id);
      return changed.run;
    }
  }

  private tellWorker(id: string): void {
    try {
      this.nc.publish(subjects.cancelJob(jobs.kind, id));
    } catch (error) {
      this.log.warn({ err: error, run: id }, 'its worker reads of the cancel with its next heartbeat');
    }
  }
}
