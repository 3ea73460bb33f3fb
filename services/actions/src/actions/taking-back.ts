import { calls, type Action } from '@boocontrol/contracts';
import { LOG, Outbox, refuse, type Log } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ActionQueue } from './action-queue.js';
import { endQueued, findAction } from './actions.repository.js';

export const NO_SUCH_ACTION = 'There is no such action. It may have been too old to be kept.';

/** Takes back what has not begun. */
@Injectable()
export class TakingBack {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(LOG) private readonly log: Log,
    @Inject(ActionQueue) private readonly queue: ActionQueue,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /** @throws {CallError} what `calls.takeBackAction` refuses */
  async takeBack(id: string): Promise<Action> {
    for (;;) {
      const row = await findAction(this.db, id);
      if (row === null) throw refuse(calls.takeBackAction, 'not_found', NO_SUCH_ACTION);
      const { action } = row;
      if (action.endedAt !== null)
        throw refuse(
          calls.takeBackAction,
          'already_ended',
          'This action has ended, so there is nothing to take back.',
          {
            state: action.state,
          },
        );
      if (action.state === 'started')
        throw refuse(
          calls.takeBackAction,
          'already_started',
          'The host is already at it. What it loads can be stopped when it is loaded.',
        );
      const cancelled = await endQueued(this.db, action, 'cancelled', null);
      if (cancelled === null) continue; // It changed in between.
      this.outbox.notify();
      await this.freePlace(action);
      return cancelled.action;
    }
  }

  private async freePlace(action: Action): Promise<void> {
    try {
      await this.queue.remove(action);
    } catch (error) {
      this.log.warn({ err: error, action: action.id }, 'its place is free when its turn comes');
    }
  }
}
