import {
  cursorRefusals,
  DispatchesPageSchema,
  DispatchesQuerySchema,
  DispatchTotalsQuerySchema,
  DispatchTotalsSchema,
  RouteFactSchema,
  type DispatchesPage,
  type DispatchTotals,
  type RouteFact,
} from '@boocontrol/contracts';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { GatewayDatabase } from '../database/gateway-database.js';
import { ApiError } from '../http/errors.js';
import { ParamOf, QueryOf, Route } from '../http/route.js';
import { DispatchRecorder } from './dispatch-recorder.js';
import { findDispatch, listDispatches, sumDispatches } from './dispatches.repository.js';

const TAG = 'routing';

/** What became of requests to /v1. */
@Controller('api/routing/dispatches')
export class DispatchesController {
  constructor(
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(DispatchRecorder) private readonly recorder: DispatchRecorder,
  ) {}

  @Route({
    method: 'get',
    path: '',
    tag: TAG,
    summary: 'Requests to /v1 and what became of them, newest first',
    description: 'Follow `nextCursor` for older ones.',
    status: 200,
    response: DispatchesPageSchema,
    responseDescription: 'One page',
    errors: ['validation', 'unavailable'],
    passesOn: [cursorRefusals],
  })
  list(
    @QueryOf(DispatchesQuerySchema) query: z.output<typeof DispatchesQuerySchema>,
  ): Promise<DispatchesPage> {
    return listDispatches(this.database.db, query);
  }

  @Route({
    method: 'get',
    path: 'totals',
    tag: TAG,
    summary: 'Sums over requests to /v1',
    status: 200,
    response: DispatchTotalsSchema,
    responseDescription: 'Over all that the filter lets through',
    errors: ['validation', 'unavailable'],
  })
  totals(
    @QueryOf(DispatchTotalsQuerySchema) query: z.output<typeof DispatchTotalsQuerySchema>,
  ): Promise<DispatchTotals> {
    return sumDispatches(this.database.db, query);
  }

  @Route({
    method: 'get',
    path: ':id',
    tag: TAG,
    summary: 'One request to /v1, by the x-request-id of its answer',
    description: 'It is there as soon as the answer has ended.',
    status: 200,
    response: RouteFactSchema,
    responseDescription: 'Who could have served it, who was tried, what came of it',
    errors: ['validation', 'not_found', 'unavailable'],
  })
  async one(@ParamOf('id', RouteFactSchema.shape.id) id: string): Promise<RouteFact> {
    const known = this.recorder.recent.find(id) ?? (await findDispatch(this.database.db, id));
    if (known !== null) return known;
    throw new ApiError('not_found', `No request with the id ${id} has ended here, or it is no longer kept.`);
  }
}
