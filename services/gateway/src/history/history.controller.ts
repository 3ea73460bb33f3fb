import {
  calls,
  type ActivityEntry,
  type ActivityEntryQuerySchema,
  type ActivityPage,
  type Call,
  type Gaps,
  type ModelFigures,
  type PerfSeries,
  type Totals,
} from '@boocontrol/contracts';
import { parseActivityKey } from '@boocontrol/fleet-model';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { ParamOf, QueryOf, Route } from '../http/route.js';
import { askService, PASSED_ON_ERRORS } from '../rpc/ask-service.js';
import { FLEET_STATE } from './fleet-state.js';

type Query<K extends keyof typeof calls> = z.output<(typeof calls)[K]['request']>;
type Answer<K extends keyof typeof calls> = z.output<(typeof calls)[K]['reply']>;

const KeySchema = z
  .string()
  .transform((text, ctx) => {
    const key = parseActivityKey(text);
    if (key !== null) return key;
    ctx.addIssue({ code: 'custom', message: 'not a key of an activity row; take it from a row’s "key"' });
    return z.NEVER;
  })
  .describe('The "key" of an activity row (opaque)');

const ERRORS = PASSED_ON_ERRORS;

/** Questions to the history, answered by fleet-state over the bus. */
@Controller('api')
export class HistoryController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: 'activity',
    tag: 'history',
    summary: 'Requests that the hosts have answered, newest first',
    description: 'Filters repeat: `?model=a&model=b` asks for either. Follow `nextCursor` for older rows.',
    status: 200,
    response: calls.activity.reply,
    responseDescription: 'One page',
    errors: ERRORS,
  })
  activity(@QueryOf(calls.activity.request) query: Query<'activity'>): Promise<ActivityPage> {
    return this.ask(calls.activity, query);
  }

  @Route({
    method: 'get',
    path: 'activity/totals',
    tag: 'history',
    summary: 'Sums over requests, by host, model, consumer and time',
    description:
      'By time, host, model, consumer. Follow `nextCursor` until it is null for all groups; `rest` is what those of the following pages add up to, so that groups and `rest` together are everything.',
    status: 200,
    response: calls.totals.reply,
    responseDescription: 'One page: a group for each combination that occurs',
    errors: ERRORS,
  })
  totals(@QueryOf(calls.totals.request) query: Query<'totals'>): Promise<Totals> {
    return this.ask(calls.totals, query);
  }

  @Route({
    method: 'get',
    path: 'activity/:key',
    tag: 'history',
    summary: 'One request with its captured bodies',
    status: 200,
    response: calls.activityEntry.reply,
    responseDescription: 'The row, and its capture or why there is none',
    errors: ['not_found', ...ERRORS],
  })
  entry(@ParamOf('key', KeySchema) key: z.output<typeof ActivityEntryQuerySchema>): Promise<ActivityEntry> {
    return this.ask(calls.activityEntry, key);
  }

  @Route({
    method: 'get',
    path: 'perf',
    tag: 'history',
    summary: 'GPU and system samples of a host over time',
    status: 200,
    response: calls.perf.reply,
    responseDescription: 'Points at a step that fits the range',
    errors: ERRORS,
  })
  perf(@QueryOf(calls.perf.request) query: Query<'perf'>): Promise<PerfSeries> {
    return this.ask(calls.perf, query);
  }

  @Route({
    method: 'get',
    path: 'model-events',
    tag: 'history',
    summary: 'State changes of models and hosts, newest first',
    status: 200,
    response: calls.modelEvents.reply,
    responseDescription: 'One page',
    errors: ERRORS,
  })
  modelEvents(
    @QueryOf(calls.modelEvents.request) query: Query<'modelEvents'>,
  ): Promise<Answer<'modelEvents'>> {
    return this.ask(calls.modelEvents, query);
  }

  @Route({
    method: 'get',
    path: 'swaps',
    tag: 'history',
    summary: 'How often models were loaded, and failed to',
    description: 'By host and model. Follow `nextCursor` until it is null for all of them.',
    status: 200,
    response: calls.swaps.reply,
    responseDescription: 'One page: an entry for each host and model',
    errors: ERRORS,
  })
  swaps(@QueryOf(calls.swaps.request) query: Query<'swaps'>): Promise<Answer<'swaps'>> {
    return this.ask(calls.swaps, query);
  }

  @Route({
    method: 'get',
    path: 'model-figures',
    tag: 'history',
    summary: 'What each model of a host did: requests, tokens, speed, loads',
    description: 'By model. Follow `nextCursor` until it is null for all of them.',
    status: 200,
    response: calls.modelFigures.reply,
    responseDescription: 'One page: an entry for each model that had requests or loads',
    errors: ERRORS,
  })
  modelFigures(@QueryOf(calls.modelFigures.request) query: Query<'modelFigures'>): Promise<ModelFigures> {
    return this.ask(calls.modelFigures, query);
  }

  @Route({
    method: 'get',
    path: 'gaps',
    tag: 'history',
    summary: 'Times for which something is missing, and why',
    description: 'Newest first. Follow `nextCursor` for those that began earlier.',
    status: 200,
    response: calls.gaps.reply,
    responseDescription: 'One page of the gaps that touch the range',
    errors: ERRORS,
  })
  gaps(@QueryOf(calls.gaps.request) query: Query<'gaps'>): Promise<Gaps> {
    return this.ask(calls.gaps, query);
  }

  private ask<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
    call: Call<Q, A, Code>,
    query: z.input<Q>,
  ): Promise<z.output<A>> {
    return askService(this.client, call, query, FLEET_STATE);
  }
}
