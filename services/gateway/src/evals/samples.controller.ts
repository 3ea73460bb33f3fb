import {
  calls,
  EvalIdSchema,
  EvalSampleKeySchema,
  EvalSamplesQuerySchema,
  type EvalSample,
  type EvalSamplesPage,
} from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { ParamOf, QueryOf, Route, SourceOf } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { ERRORS, GRADING, QUESTION, TAG } from './evals-service.js';

const Id = EvalIdSchema.shape.id;
const QuerySchema = EvalSamplesQuerySchema.omit({ id: true });
/** In the query, since ids of items may contain slashes. */
const KeySchema = EvalSampleKeySchema.omit({ id: true });

/** Samples of a run: passed on to the evals service. */
@Controller('api/evals/runs/:id/samples')
export class EvalSamplesController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: '',
    tag: TAG,
    summary: 'Samples of a run',
    description: 'Follow `nextCursor` until it is null.',
    status: 200,
    response: calls.evalSamples.reply,
    responseDescription: 'One page, in the order of the suite',
    errors: ERRORS,
    passesOn: [calls.evalSamples],
  })
  list(
    @ParamOf('id', Id) id: string,
    @QueryOf(QuerySchema) query: z.output<typeof QuerySchema>,
  ): Promise<EvalSamplesPage> {
    return askService(this.client, calls.evalSamples, { ...query, id }, QUESTION);
  }

  @Route({
    method: 'get',
    path: 'one',
    tag: TAG,
    summary: 'One sample with its prompt, answer and findings',
    status: 200,
    response: calls.evalSample.reply,
    responseDescription: 'All that is kept of it',
    errors: ERRORS,
    passesOn: [calls.evalSample],
  })
  one(
    @ParamOf('id', Id) id: string,
    @QueryOf(KeySchema) key: z.output<typeof KeySchema>,
  ): Promise<EvalSample> {
    return askService(this.client, calls.evalSample, { ...key, id }, QUESTION);
  }

  @Route({
    method: 'post',
    path: 'one/regrade',
    tag: TAG,
    summary: 'Grade a sample once more',
    description: 'The model is not asked. What it was before is kept in `regraded`.',
    status: 200,
    response: calls.regradeEvalSample.reply,
    responseDescription: 'As it is graded now',
    errors: ERRORS,
    passesOn: [calls.regradeEvalSample],
  })
  regrade(
    @ParamOf('id', Id) id: string,
    @QueryOf(KeySchema) key: z.output<typeof KeySchema>,
    @SourceOf() source: string,
  ): Promise<EvalSample> {
    return askService(this.client, calls.regradeEvalSample, { ...key, id, source }, GRADING);
  }
}
