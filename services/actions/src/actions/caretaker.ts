import { CONFIG, JetStreamSetup, LOG, type Log, newWorker, Outbox, Rounds } from '@boocontrol/platform';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ActionsConfig } from '../config.js';
import { removeOldActions, waitingActions } from './action-lists.repository.js';
import { ActionQueue } from './action-queue.js';
import { ActionRunner } from './action-runner.js';
import { accept, endQueued, removeUnaccepted } from './actions.repository.js';
import { abandoned, takeOver } from './held-actions.repository.js';
import { ACTION_TIMINGS, type ActionTimings } from './timings.js';

const RETAIN_EVERY_MS = 3_600_000;

const QUEUE_LOST = {
  code: 'queue_lost',
  message:
    'It is not in the queue of its host any more, as when the bus has lost its data. Ask again if it is still wanted.',
};

/** Finds what no message leads to any more, and ends it; removes what is too old. Any number of processes may do it. */
@Injectable()
export class Caretaker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly kinds: readonly Rounds[];
  private readonly reconciling = new Map<string, Promise<void>>();

  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(CONFIG) private readonly config: ActionsConfig,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) private readonly setup: JetStreamSetup,
    @Inject(ActionQueue) private readonly queue: ActionQueue,
    @Inject(ActionRunner) private readonly runner: ActionRunner,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(ACTION_TIMINGS) private readonly timings: ActionTimings,
  ) {
    const often = { log, everyMs: timings.careEveryMs, againMs: timings.careEveryMs };
    this.kinds = [
      new Rounds({
        ...often,
        trouble: 'actions that nobody is at could not be looked for, trying again',
        round: (signal) => this.adopt(signal),
      }),
      new Rounds({
        ...often,
        trouble: 'actions that wait could not be held against their queues, trying again',
        round: () => this.compare(),
      }),
      new Rounds({
        ...often,
        trouble: 'old actions could not be removed, trying again',
        everyMs: RETAIN_EVERY_MS,
        round: () => this.retain(),
      }),
    ];
  }

  onApplicationBootstrap(): void {
    for (const rounds of this.kinds) rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.kinds.map((rounds) => rounds.stop()));
    await Promise.all(this.reconciling.values());
  }

  /** What a worker began that is gone. */
  private async adopt(signal: AbortSignal): Promise<void> {
    const { abandonedAfterMs } = this.timings;
    for (const id of await abandoned(this.db, abandonedAfterMs)) {
      if (this.reconciling.has(id)) continue;
      const worker = newWorker(this.config);
      const row = await takeOver(this.db, id, worker, abandonedAfterMs);
      if (row === null) continue;
      const work = this.runner
        .reconcile(row.action, worker, signal)
        .catch((error: unknown) => {
          if (!signal.aborted)
            this.log.warn(
              { err: error, action: id },
              'what became of an action could not be found out, trying again',
            );
        })
        .finally(() => this.reconciling.delete(id));
      this.reconciling.set(id, work);
    }
  }

  /** Rows that wait, held against what the queue has. The rows are read first: what began since has changed its row. */
  private async compare(): Promise<void> {
    try {
      await this.compareQueues();
    } catch (error) {
      const isStreamGone =
        error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
      if (isStreamGone) await this.setup.ensure().catch(() => undefined); // The next round says what is wrong.
      throw error;
    }
  }

  private async compareQueues(): Promise<void> {
    const rows = await waitingActions(this.db);
    for (const providerId of new Set(rows.map(({ action }) => action.providerId))) {
      const queued = await this.queue.waiting(providerId);
      for (const { action, queueSeq, ageMs } of rows) {
        if (action.providerId !== providerId) continue;
        const seq = queued.get(action.id);
        if (queueSeq !== null && seq === undefined) await endQueued(this.db, action, 'skipped', QUEUE_LOST);
        if (queueSeq !== null || ageMs < this.timings.unacceptedMs) continue;
        if (seq === undefined) await removeUnaccepted(this.db, action.id);
        else await accept(this.db, action.id, await this.queue.placeOf(seq));
      }
    }
    if (rows.length > 0) this.outbox.notify();
  }

  private async retain(): Promise<void> {
    while ((await removeOldActions(this.db, this.config.ACTION_RETENTION_DAYS)) > 0);
  }
}
