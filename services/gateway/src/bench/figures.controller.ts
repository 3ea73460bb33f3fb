import {
  BenchDefinitionsSchema,
  calls,
  definitionOf,
  FIGURES,
  RecordedTrafficQuerySchema,
  type BenchDefinitions,
  type BenchHistory,
} from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { BodyOf, QueryOf, Route } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { BODY_ERRORS, ERRORS, QUESTION, TAG } from './bench-service.js';

/** Looks through every row of a range, page by page. */
const RECORDED = { ...QUESTION, timeoutMs: 60_000 };

/** What runs came to, over time and over hosts; and what the figures mean. */
@Controller('api/bench')
export class BenchFiguresController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: 'history',
    tag: TAG,
    summary: 'One figure over all runs',
    status: 200,
    response: calls.benchHistory.reply,
    responseDescription: 'A point for each cell of each run, oldest first',
    errors: ERRORS,
  })
  history(
    @QueryOf(calls.benchHistory.request) query: z.output<typeof calls.benchHistory.request>,
  ): Promise<BenchHistory> {
    return askService(this.client, calls.benchHistory, query, QUESTION);
  }

  @Route({
    method: 'get',
    path: 'fastest',
    tag: TAG,
    summary: 'How fast each model is on each host',
    status: 200,
    response: calls.benchFastest.reply,
    responseDescription: 'By model; of each the fastest host first',
    errors: ERRORS,
  })
  fastest(): Promise<z.output<typeof calls.benchFastest.reply>> {
    return askService(this.client, calls.benchFastest, {}, QUESTION);
  }

  @Route({
    method: 'post',
    path: 'recorded-traffic',
    tag: TAG,
    summary: 'A suite that replays the requests of a consumer',
    description:
      'Made of the times and lengths that the hosts recorded, nothing of their texts. It is not stored: PUT /api/bench/suites/{name} does that.',
    status: 200,
    response: calls.recordedTraffic.reply,
    responseDescription: 'The suite, and how many requests it leaves out',
    errors: BODY_ERRORS,
    passesOn: [calls.recordedTraffic],
  })
  recordedTraffic(
    @BodyOf(RecordedTrafficQuerySchema) query: z.output<typeof RecordedTrafficQuerySchema>,
  ): Promise<z.output<typeof calls.recordedTraffic.reply>> {
    return askService(this.client, calls.recordedTraffic, query, RECORDED);
  }

  @Route({
    method: 'get',
    path: 'definitions',
    tag: TAG,
    summary: 'What every figure is',
    status: 200,
    response: BenchDefinitionsSchema,
    responseDescription: 'Every figure, and how it is reckoned',
    errors: [],
  })
  definitions(): BenchDefinitions {
    return { definitions: FIGURES.map((figure) => ({ figure, ...definitionOf(figure) })) };
  }
}
