import { calls, type EvalRun } from '@boocontrol/contracts';
import { Outbox, refuse } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Suites } from '../suites/suites.js';
import { NO_SUCH_RUN } from './details.js';
import { jobs } from './jobs.js';
import { Launcher } from './launcher.js';
import { requeue } from './runs.repository.js';
import { reopenSamples } from './samples.repository.js';
import { recount } from './summary.repository.js';

const call = calls.resumeEval;

/** Goes on with runs that ended before their end. */
@Injectable()
export class Resuming {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(Launcher) private readonly launcher: Launcher,
  ) {}

  /** @throws {CallError} what `calls.resumeEval` refuses; {RpcError} `unavailable`; {LeaseError} */
  async resume({ id, confirm }: z.output<typeof call.request>): Promise<EvalRun> {
    const row = await jobs.find(this.db, id);
    if (row === null) throw refuse(call, 'unknown_run', NO_SUCH_RUN);
    if (row.run.endedAt === null) throw notEnded();
    const { suiteName, suiteHash } = row.run;
    const found = await this.suites.find(suiteName, suiteHash);
    if (found === null)
      throw refuse(call, 'unknown_suite', 'This version of its suite is not there any more.');
    await this.launcher.admit(found.suite.items, [row.run], confirm);
    const queued = await this.db.transaction(async (manager) => {
      const changed = await requeue(manager, id, confirm);
      if (changed === null) throw notEnded();
      if ((await reopenSamples(manager, id, found.retired)) === 0)
        throw refuse(call, 'nothing_to_ask', 'Every sample of this run has its outcome.');
      await recount(manager, id);
      const counted = await jobs.find(manager, id);
      if (counted === null) throw new Error(`there is no run ${id}`);
      await jobs.tell(manager, counted, 'queued', {});
      await jobs.enqueue(manager, counted);
      return counted;
    });
    this.outbox.notify();
    return queued.run;
  }
}

const notEnded = (): Error =>
  refuse(call, 'not_ended', 'This run has not ended. Wait for its end, or cancel it first.');
