import {
  calls,
  type Action,
  type ActionPreview,
  type ActionsPage,
  type Submitted,
} from '@boocontrol/contracts';
import { answering, refuse, Serve } from '@boocontrol/platform';
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
    return answering('actions', this.submission.submit(request));
  }

  @Serve(calls.previewAction)
  preview(request: z.output<typeof calls.previewAction.request>): Promise<ActionPreview> {
    return answering('actions', this.previews.preview(request));
  }

  @Serve(calls.takeBackAction)
  takeBack({ id }: z.output<typeof calls.takeBackAction.request>): Promise<Action> {
    return answering('actions', this.takingBack.takeBack(id));
  }

  @Serve(calls.action)
  one({ id }: z.output<typeof calls.action.request>): Promise<Action> {
    return answering('actions', this.find(id));
  }

  @Serve(calls.actions)
  list(query: z.output<typeof calls.actions.request>): Promise<ActionsPage> {
    return answering('actions', listActions(this.db, query));
  }

  /** @throws {CallError} `not_found` */
  private async find(id: string): Promise<Action> {
    const row = await findAction(this.db, id);
    // Nobody was told of a row that the queue has not taken.
    if (row === null || row.action.version === 0) throw refuse(calls.action, 'not_found', NO_SUCH_ACTION);
    return row.action;
  }
}
