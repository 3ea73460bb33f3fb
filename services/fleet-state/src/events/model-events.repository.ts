import type {
  ModelEvent,
  ModelEventsQuerySchema,
  ModelEventsSchema,
  Swaps,
  SwapsQuerySchema,
} from '@boocontrol/contracts';
import { instantSql, pageOf } from '@boocontrol/platform';
import type { z } from 'zod';
import { isOneOf } from '../activity/activity-filter.js';
import { modelEventCursor, swapCursor } from '../db/cursor.js';
import type { HistoryDb } from '../db/history-db.js';
import { parseRange } from '../db/range.js';
import { SqlParams } from '../db/sql.js';

/** Of a page; the longest names make it shorter. */
const MAX_SWAPS = 5_000;

interface EventFilter {
  from?: string | undefined;
  to?: string | undefined;
  providerId?: string[] | undefined;
  model?: string[] | undefined;
}

function eventConditions(filter: EventFilter, params: SqlParams): string[] {
  const { from, to } = parseRange(filter);
  return [
    ...(from === null ? [] : [`ts >= ${params.add(from)}::timestamptz`]),
    ...(to === null ? [] : [`ts < ${params.add(to)}::timestamptz`]),
    ...isOneOf('provider_id', filter.providerId, params),
    ...isOneOf('model', filter.model, params),
  ];
}

const whereOf = (conditions: string[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;

/** One page, newest first. Thrown: CallError `bad_range`, `bad_cursor`; RpcError `unavailable`. */
export async function modelEvents(
  db: HistoryDb,
  query: z.output<typeof ModelEventsQuerySchema>,
): Promise<z.output<typeof ModelEventsSchema>> {
  const params = new SqlParams();
  const conditions = eventConditions(query, params);
  if (query.cursor !== undefined) {
    const [ts, ...rest] = modelEventCursor.decode(query.cursor);
    const tsParam = `${params.add(ts)}::timestamptz`;
    const [seq, provider, model, state] = rest.map((value) => params.add(value));
    // The first condition lets TimescaleDB leave out newer chunks.
    conditions.push(
      `ts <= ${tsParam}`,
      `(ts, seq, provider_id, model, state) < (${tsParam}, ${seq}::bigint, ${provider}::text, ${model}::text, ${state}::text)`,
    );
  }
  const found = await db.rows<ModelEvent & { seq: number }>(
    `SELECT provider_id AS "providerId", model, state, ${instantSql('ts')} AS ts, detail, seq::float8 AS seq
     FROM fleet.model_events ${whereOf(conditions)}
     ORDER BY fleet.model_events.ts DESC, fleet.model_events.seq DESC, provider_id DESC, model DESC, state DESC
     LIMIT ${params.add(query.limit + 1)}`,
    params.values,
  );
  const { page, nextCursor } = pageOf(found, query.limit, ({ ts, seq, providerId, model, state }) =>
    modelEventCursor.encode([ts, seq, providerId, model, state]),
  );
  return { events: page.map(({ seq: _seq, ...event }) => event), nextCursor };
}

/**
 * A page of the loads and failed loads of each model, by host and model. First sight of a model that is loaded already
 * is no load. Thrown: CallError `bad_range`, `bad_cursor`; RpcError `unavailable`.
 */
export async function swaps(db: HistoryDb, query: z.output<typeof SwapsQuerySchema>): Promise<Swaps> {
  const { limit = MAX_SWAPS } = query;
  const params = new SqlParams();
  const conditions = [
    ...eventConditions(query, params),
    `model <> '*'`,
    `((state = 'ready' AND detail->>'from' IS NOT NULL) OR detail->'failed' = 'true')`,
  ];
  if (query.cursor !== undefined) {
    const [provider, model] = swapCursor.decode(query.cursor).map((value) => params.add(value));
    conditions.push(`(provider_id, model) > (${provider}::text, ${model}::text)`);
  }
  const found = await db.rows<Swaps['swaps'][number]>(
    `SELECT provider_id AS "providerId", model,
       (count(*) FILTER (WHERE state = 'ready'))::int AS loads,
       (count(*) FILTER (WHERE detail->'failed' = 'true'))::int AS failed
     FROM fleet.model_events ${whereOf(conditions)}
     GROUP BY provider_id, model ORDER BY provider_id, model
     LIMIT ${params.add(limit + 1)}`,
    params.values,
  );
  const { page, nextCursor } = pageOf(found, limit, ({ providerId, model }) =>
    swapCursor.encode([providerId, model]),
  );
  return { swaps: page, nextCursor };
}
