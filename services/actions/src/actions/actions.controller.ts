import {
  calls,
  type Action,
  type ActionPreview,
  type ActionsPage,
  type Submitted,
} from '@boocontrol/contracts';
import { isTransientDbError, refuse, RpcError, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { listActions } from './action-lists.repository.js';
import { findAction } from './actions.repository.js';
import { Previews } from './previews.js';
import { Submission } from './submission.js';
import { NO_SUCH_ACTION, TakingBack } from './taking-back.js';

@Controller()
export class ActionsController {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Submission) private readonly submission: Submission,
    @Inject(TakingBack) private readonly takingBack: TakingBack,
    @Inject(Previews) private readonly previews: Previews,
  ) {}

  @Serve(calls.submitAction)
  submit(request: z.output<typeof calls.submitAction.request>): Promise<Submitted> {
    return answering(this.submission.submit(request));
  }

  @Serve(calls.previewAction)
  preview(request: z.output<typeof calls.previewAction.request>): Promise<ActionPreview> {
    return answering(this.previews.preview(request));
  }

  @Serve(calls.takeBackAction)
  takeBack({ id }: z.output<typeof calls.takeBackAction.request>): Promise<Action> {
    return answering(this.takingBack.takeBack(id));
  }

  @Serve(calls.action)
  one({ id }: z.output<typeof calls.action.request>): Promise<Action> {
    return answering(this.find(id));
  }

  @Serve(calls.actions)
  list(query: z.output<typeof calls.actions.request>): Promise<ActionsPage> {
    return answering(listActions(this.db, query));
  }

  /** @throws {CallError} `not_found` */
  private async find(id: string): Promise<Action> {
    const row = await findAction(this.db, id);
    // Nobody was told of a row that the queue has not taken.
    if (row === null || row.action.version === 0) throw refuse(calls.action, 'not_found', NO_SUCH_ACTION);
    return row.action;
  }
}

/** To others a database that is away is `unavailable`, not an error of ours. */
async function answering<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!isTransientDbError(cause)) throw cause;
    const message = 'The database of actions does not answer at the moment; try again in a moment.';
    throw new RpcError('unavailable', message, undefined, { cause });
  }
}
