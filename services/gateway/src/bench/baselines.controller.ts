import { BenchBaselineKeySchema, BenchIdSchema, calls } from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { ParamOf, QueryOf, Route, SourceOf } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { COMMAND, ERRORS, QUESTION, TAG } from './bench-service.js';

/** What runs are held against: passed on to the bench service. */
@Controller('api/bench')
export class BenchBaselinesController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: 'baselines',
    tag: TAG,
    summary: 'Baselines that somebody has set',
    description: 'Other runs are held against the last clean one of the same fingerprint.',
    status: 200,
    response: calls.benchBaselines.reply,
    responseDescription: 'By suite, host and model',
    errors: ERRORS,
  })
  list(): Promise<z.output<typeof calls.benchBaselines.reply>> {
    return askService(this.client, calls.benchBaselines, {}, QUESTION);
  }

  @Route({
    method: 'put',
    path: 'runs/:id/baseline',
    tag: TAG,
    summary: 'Hold other runs against this one',
    description: 'Those of the same suite, host and model.',
    status: 200,
    response: calls.setBenchBaseline.reply,
    responseDescription: 'Set, instead of the one before',
    errors: ERRORS,
    passesOn: [calls.setBenchBaseline],
  })
  set(
    @ParamOf('id', BenchIdSchema.shape.id) id: string,
    @SourceOf() source: string,
  ): Promise<z.output<typeof calls.setBenchBaseline.reply>> {
    return askService(this.client, calls.setBenchBaseline, { id, source }, COMMAND);
  }

  @Route({
    method: 'delete',
    path: 'baselines',
    tag: TAG,
    summary: 'Set no baseline for a suite, host and model',
    description: 'Runs are held against the last clean one of the same fingerprint again.',
    status: 204,
    responseDescription: 'None is set, now or already',
    errors: ERRORS,
  })
  async remove(@QueryOf(BenchBaselineKeySchema) key: z.output<typeof BenchBaselineKeySchema>): Promise<void> {
    await askService(this.client, calls.removeBenchBaseline, key, COMMAND);
  }
}
