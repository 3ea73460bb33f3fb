import {
  CacheRatesQuerySchema,
  CacheRatesSchema,
  CacheSessionsQuerySchema,
  CacheSessionsSchema,
  CacheTotalsQuerySchema,
  CacheTotalsSchema,
  CacheTurnsQuerySchema,
  CacheTurnsSchema,
  cursorRefusals,
  PrefixDriftSchema,
  PrefixDriftsQuerySchema,
  PrefixDriftsSchema,
  SessionHashSchema,
  type CacheRates,
  type CacheSessions,
  type CacheTotals,
  type CacheTurns,
  type PrefixDrift,
  type PrefixDrifts,
} from '@boocontrol/contracts';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { GatewayDatabase } from '../database/gateway-database.js';
import { ApiError } from '../http/errors.js';
import { ParamOf, QueryOf, Route } from '../http/route.js';
import { findDrift, listDrifts, sumCauses } from './drifts.repository.js';
import { periodOf } from './period.js';
import { cacheRates, sumCached } from './rates.repository.js';
import { listSessions, listTurns } from './sessions.repository.js';

const TAG = 'prompt cache';

/** Whether prompts begin as before, and what it costs where they do not. */
@Controller('api/prompt-cache')
export class PromptCacheController {
  constructor(@Inject(GatewayDatabase) private readonly database: GatewayDatabase) {}

  @Route({
    method: 'get',
    path: 'rates',
    tag: TAG,
    summary: 'How much of prompts was in the cache, by consumer and model, over time',
    status: 200,
    response: CacheRatesSchema,
    responseDescription: 'Requests of which the host told both, through /v1 and straight to hosts',
    errors: ['validation', 'unavailable'],
  })
  rates(@QueryOf(CacheRatesQuerySchema) query: z.output<typeof CacheRatesQuerySchema>): Promise<CacheRates> {
    return cacheRates(this.database.db, periodOf(query, Date.now()), query);
  }

  @Route({
    method: 'get',
    path: 'totals',
    tag: TAG,
    summary: 'What was in the cache, what was not, and what that cost by cause',
    status: 200,
    response: CacheTotalsSchema,
    responseDescription: 'Sums over the period',
    errors: ['validation', 'unavailable'],
  })
  async totals(
    @QueryOf(CacheTotalsQuerySchema) query: z.output<typeof CacheTotalsQuerySchema>,
  ): Promise<CacheTotals> {
    const { db } = this.database;
    const period = periodOf(query, Date.now());
    const [cached, causes] = await Promise.all([sumCached(db, period, query), sumCauses(db, period, query)]);
    const sum = (of: (cause: CacheTotals['causes'][number]) => number): number =>
      causes.reduce((total, cause) => total + of(cause), 0);
    return {
      ...period,
      ...cached,
      drifts: sum(({ kind, count }) => (kind === 'drift' ? count : 0)),
      misses: sum(({ kind, count }) => (kind === 'miss' ? count : 0)),
      lostTokens: sum(({ lostTokens }) => lostTokens),
      lostMs: sum(({ lostMs }) => lostMs),
      causes,
    };
  }

  @Route({
    method: 'get',
    path: 'drifts',
    tag: TAG,
    summary: 'Prompts that did not begin as before, or were not in the cache',
    description: 'Follow `nextCursor` for more.',
    status: 200,
    response: PrefixDriftsSchema,
    responseDescription: 'One page',
    errors: ['validation', 'unavailable'],
    passesOn: [cursorRefusals],
  })
  drifts(
    @QueryOf(PrefixDriftsQuerySchema) query: z.output<typeof PrefixDriftsQuerySchema>,
  ): Promise<PrefixDrifts> {
    return listDrifts(this.database.db, periodOf(query, Date.now()), query);
  }

  @Route({
    method: 'get',
    path: 'drifts/:id',
    tag: TAG,
    summary: 'One prompt that did not begin as before, or was not in the cache',
    description: 'Of a request to /v1 it is found by the x-request-id of its answer.',
    status: 200,
    response: PrefixDriftSchema,
    responseDescription: 'What changed, and what it cost',
    errors: ['validation', 'not_found', 'unavailable'],
  })
  async drift(@ParamOf('id', PrefixDriftSchema.shape.id) id: string): Promise<PrefixDrift> {
    const found = await findDrift(this.database.db, id);
    if (found !== null) return found;
    throw new ApiError('not_found', `Nothing went wrong with ${id}, or it is no longer kept.`);
  }

  @Route({
    method: 'get',
    path: 'sessions',
    tag: TAG,
    summary: 'Sessions, who was there last first',
    description: 'Follow `nextCursor` for more.',
    status: 200,
    response: CacheSessionsSchema,
    responseDescription: 'One page',
    errors: ['validation', 'unavailable'],
    passesOn: [cursorRefusals],
  })
  sessions(
    @QueryOf(CacheSessionsQuerySchema) query: z.output<typeof CacheSessionsQuerySchema>,
  ): Promise<CacheSessions> {
    return listSessions(this.database.db, periodOf(query, Date.now()), query);
  }

  @Route({
    method: 'get',
    path: 'sessions/:session',
    tag: TAG,
    summary: 'The requests of a session, newest first, with what went wrong with each',
    status: 200,
    response: CacheTurnsSchema,
    responseDescription: 'At most 500; none of a session that is not known',
    errors: ['validation', 'unavailable'],
  })
  turns(
    @ParamOf('session', SessionHashSchema) session: string,
    @QueryOf(CacheTurnsQuerySchema) query: z.output<typeof CacheTurnsQuerySchema>,
  ): Promise<CacheTurns> {
    return listTurns(this.database.db, periodOf(query, Date.now()), session);
  }
}
