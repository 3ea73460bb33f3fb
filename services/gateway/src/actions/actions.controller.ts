import {
  ActionIdQuerySchema,
  ActionRequestSchema,
  calls,
  LeaseProofSchema,
  SubmitActionSchema,
  type Action,
  type ActionRequest,
  type ActionsPage,
} from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { BodyOf, HeaderOf, ParamOf, QueryOf, Route, SourceOf } from '../http/route.js';
import { ACTIONS_SERVICE } from '../rpc/actions-service.js';
import { askService, PASSED_ON_ERRORS } from '../rpc/ask-service.js';

const SubmitQuerySchema = z.strictObject({
  confirm: SubmitActionSchema.shape.confirm,
  dryRun: z.boolean().default(false).describe('true: only say what it would do; nothing is done'),
});
const IdempotencyKeySchema = SubmitActionSchema.shape.idempotencyKey;
const FencingTokenSchema = LeaseProofSchema.shape.fencingToken
  .optional()
  .describe('Fencing token of the asking program’s own lease on the host; absent: it has none');

const TAG = 'actions';
const BODY_ERRORS = [...PASSED_ON_ERRORS, 'too_large', 'unsupported_media_type'] as const;
const QUESTION = { name: ACTIONS_SERVICE, timeoutMs: 10_000 };
/** A cancel asks the host before it answers. */
const COMMAND = {
  name: ACTIONS_SERVICE,
  timeoutMs: 20_000,
  afterTimeout:
    'It may have taken the action all the same: look at the queue of the host before you ask again.',
};

/** What hosts are told to do: passed on to the actions service. */
@Controller('api/actions')
export class ActionsController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'post',
    path: '',
    tag: TAG,
    summary: 'Have a host do something when its turn comes',
    description:
      'A host has one queue: one action runs, three wait, more are refused (`queue_full`). `cancel` does not queue, it is done at once. A refusal with `requiresConfirmation` is a question: the same again with `confirm=true` is done. What becomes of it is told on the socket (`control_actions`) and by GET /api/actions.',
    status: 202,
    response: calls.submitAction.reply,
    responseDescription: 'It has its place in the queue of the host; Location is the action',
    alternative: {
      status: 200,
      response: calls.previewAction.reply,
      responseDescription: 'With `dryRun=true`: what it would do if it were asked for now',
    },
    errors: BODY_ERRORS,
    passesOn: [calls.submitAction],
  })
  async submit(
    @BodyOf(ActionRequestSchema) request: ActionRequest,
    @QueryOf(SubmitQuerySchema) { confirm, dryRun }: z.output<typeof SubmitQuerySchema>,
    @HeaderOf('Idempotency-Key', IdempotencyKeySchema) idempotencyKey: string | undefined,
    @HeaderOf('X-Boo-Lease', FencingTokenSchema) fencingToken: string | undefined,
    @SourceOf() source: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = { request, source, confirm, fencingToken };
    if (dryRun) {
      await reply.code(200).send(await askService(this.client, calls.previewAction, asked, QUESTION));
      return;
    }
    const body = { ...asked, idempotencyKey };
    const submitted = await askService(this.client, calls.submitAction, body, COMMAND);
    await reply.code(202).header('location', `/api/actions/${submitted.action.id}`).send(submitted);
  }

  @Route({
    method: 'get',
    path: '',
    tag: TAG,
    summary: 'Actions under way, and those that have ended',
    description: 'Follow `nextCursor` for older ones.',
    status: 200,
    response: calls.actions.reply,
    responseDescription: 'Queue and history: one page of what has ended, newest first',
    errors: PASSED_ON_ERRORS,
    passesOn: [calls.actions],
  })
  list(@QueryOf(calls.actions.request) query: z.output<typeof calls.actions.request>): Promise<ActionsPage> {
    return askService(this.client, calls.actions, query, QUESTION);
  }

  @Route({
    method: 'get',
    path: ':id',
    tag: TAG,
    summary: 'One action, under way or ended',
    status: 200,
    response: calls.action.reply,
    responseDescription: 'As it stands now; it is over when `endedAt` is set',
    errors: PASSED_ON_ERRORS,
    passesOn: [calls.action],
  })
  one(@ParamOf('id', ActionIdQuerySchema.shape.id) id: string): Promise<Action> {
    return askService(this.client, calls.action, { id }, QUESTION);
  }

  @Route({
    method: 'delete',
    path: ':id',
    tag: TAG,
    summary: 'Take back an action that has not started',
    description: 'Its place in the queue is free at once.',
    status: 200,
    response: calls.takeBackAction.reply,
    responseDescription: 'The action, cancelled',
    errors: PASSED_ON_ERRORS,
    passesOn: [calls.takeBackAction],
  })
  takeBack(@ParamOf('id', ActionIdQuerySchema.shape.id) id: string): Promise<Action> {
    return askService(this.client, calls.takeBackAction, { id }, COMMAND);
  }
}
