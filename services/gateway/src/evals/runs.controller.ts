import {
  calls,
  EstimateEvalSchema,
  EvalIdSchema,
  EvalRunQuerySchema,
  EvalRunsQuerySchema,
  StartEvalSchema,
  type EvalRun,
  type EvalRunDetail,
  type EvalRunEstimate,
  type EvalRunsPage,
  type EvalStarted,
} from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { BodyOf, ParamOf, QueryOf, Route, SourceOf } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { BODY_ERRORS, COMMAND, ERRORS, QUESTION, TAG } from './evals-service.js';

const Id = EvalIdSchema.shape.id;
const ResumeSchema = calls.resumeEval.request.pick({ confirm: true }).meta({ id: 'ResumeEval' });

/** Runs: passed on to the evals service. */
@Controller('api/evals')
export class EvalRunsController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'post',
    path: 'estimate',
    tag: TAG,
    summary: 'How long a run would take, and whom it would disturb',
    description: 'Nothing is done, and no host is asked.',
    status: 200,
    largeBody: true,
    response: calls.estimateEval.reply,
    responseDescription: 'For each model of each host, and for all',
    errors: BODY_ERRORS,
    passesOn: [calls.estimateEval],
  })
  estimate(@BodyOf(EstimateEvalSchema) body: z.output<typeof EstimateEvalSchema>): Promise<EvalRunEstimate> {
    return askService(this.client, calls.estimateEval, body, QUESTION);
  }

  @Route({
    method: 'post',
    path: 'runs',
    tag: TAG,
    summary: 'Ask models of hosts all items of a suite',
    description:
      'Each model of each host is a run: hosts are asked side by side, models of one host one after the other, under a lease. A refusal with `requiresConfirmation` says who uses the host: the same again with `confirm: true` takes it from them. What becomes of a run is told on the socket (`control_job`) and by GET /api/evals/runs/{id}.',
    status: 202,
    largeBody: true,
    response: calls.startEval.reply,
    responseDescription: 'Each waits for its turn',
    errors: BODY_ERRORS,
    passesOn: [calls.startEval],
  })
  start(
    @BodyOf(StartEvalSchema) body: z.output<typeof StartEvalSchema>,
    @SourceOf() source: string,
  ): Promise<EvalStarted> {
    return askService(this.client, calls.startEval, { ...body, source }, COMMAND);
  }

  @Route({
    method: 'get',
    path: 'runs',
    tag: TAG,
    summary: 'Runs under way, and those that have ended',
    description: 'Follow `nextCursor` for older ones.',
    status: 200,
    response: calls.evalRuns.reply,
    responseDescription: 'Those under way, and one page of what has ended, newest first',
    errors: ERRORS,
    passesOn: [calls.evalRuns],
  })
  list(@QueryOf(EvalRunsQuerySchema) query: z.output<typeof EvalRunsQuerySchema>): Promise<EvalRunsPage> {
    return askService(this.client, calls.evalRuns, query, QUESTION);
  }

  @Route({
    method: 'get',
    path: 'runs/:id',
    tag: TAG,
    summary: 'One run with what became of every item',
    description: 'Items come in pages: follow `nextCursor` for those that follow.',
    status: 200,
    response: calls.evalRun.reply,
    responseDescription: 'As it stands now',
    errors: ERRORS,
    passesOn: [calls.evalRun],
  })
  one(
    @ParamOf('id', Id) id: string,
    @QueryOf(EvalRunQuerySchema) query: z.output<typeof EvalRunQuerySchema>,
  ): Promise<EvalRunDetail> {
    return askService(this.client, calls.evalRun, { ...query, id }, QUESTION);
  }

  @Route({
    method: 'delete',
    path: 'runs/:id',
    tag: TAG,
    summary: 'Remove a run that has ended, its samples included',
    status: 204,
    responseDescription: 'Removed',
    errors: ERRORS,
    passesOn: [calls.removeEvalRun],
  })
  async remove(@ParamOf('id', Id) id: string): Promise<void> {
    await askService(this.client, calls.removeEvalRun, { id }, COMMAND);
  }

  @Route({
    method: 'post',
    path: 'runs/:id/cancel',
    tag: TAG,
    summary: 'End a run before its end',
    description: 'Samples that have their outcome stand, and the host is free at once.',
    status: 200,
    response: calls.cancelEval.reply,
    responseDescription: 'The run, cancelled or about to be',
    errors: ERRORS,
    passesOn: [calls.cancelEval],
  })
  cancel(@ParamOf('id', Id) id: string, @SourceOf() source: string): Promise<EvalRun> {
    return askService(this.client, calls.cancelEval, { id, source }, COMMAND);
  }

  @Route({
    method: 'post',
    path: 'runs/:id/resume',
    tag: TAG,
    summary: 'Go on with a run that has ended before its end',
    description:
      'Samples without an outcome, and those that failed by our fault, are asked once more. Confirmed as a new run.',
    status: 202,
    response: calls.resumeEval.reply,
    responseDescription: 'The run, which waits for its turn again',
    errors: BODY_ERRORS,
    passesOn: [calls.resumeEval],
  })
  resume(
    @ParamOf('id', Id) id: string,
    @BodyOf(ResumeSchema) body: z.output<typeof ResumeSchema>,
    @SourceOf() source: string,
  ): Promise<EvalRun> {
    return askService(this.client, calls.resumeEval, { ...body, id, source }, COMMAND);
  }
}
