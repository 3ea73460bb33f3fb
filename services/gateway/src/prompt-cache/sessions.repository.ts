import type {
  CacheSession,
  CacheSessions,
  CacheSessionsQuerySchema,
  CacheTurns,
} from '@boocontrol/contracts';
import { CursorInstant, cursorCodec, instantSql, pageOf } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { PREFIX_SQL } from '../dispatches/dispatches.repository.js';
import type { Period } from './period.js';
import { dispatchesOf } from './rates.repository.js';

/** lastAt, session: who was there last, first. */
const sessionCursor = cursorCodec('ps', z.tuple([CursorInstant, z.string()]));
const MOST_TURNS = 500;

/** One page. @throws {CallError} `bad_cursor` */
export async function listSessions(
  db: DataSource,
  period: Period,
  { limit, cursor, ...whose }: z.output<typeof CacheSessionsQuerySchema>,
): Promise<CacheSessions> {
  const conditions = dispatchesOf(period, whose);
  const [lastAt, last] = cursor === undefined ? [] : sessionCursor.decode(cursor);
  const after =
    lastAt === undefined
      ? ''
      : `HAVING (max(at), session) < (${conditions.place(lastAt)}::timestamptz, ${conditions.place(last)})`;
  const from = conditions.place(period.from);
  const to = conditions.place(period.to);
  const found = await db.query<CacheSession[]>(
    `WITH sessions AS (
       SELECT session, max(at) AS last, min(at) AS first, count(*) AS requests,
         (array_agg(source ORDER BY at DESC))[1] AS source,
         (array_agg(attempts->-1 ORDER BY at DESC))[1] AS answered,
         (array_agg(prefix_segments ORDER BY at DESC))[1] AS segments,
         (array_agg(prefix_bytes ORDER BY at DESC))[1] AS bytes,
         coalesce(sum(prompt_tokens) FILTER (WHERE cache_tokens IS NOT NULL), 0) AS prompt,
         coalesce(sum(cache_tokens) FILTER (WHERE prompt_tokens IS NOT NULL), 0) AS cached
       FROM gateway.dispatches WHERE session IS NOT NULL AND ${conditions.toString()}
       GROUP BY session ${after}
       ORDER BY max(at) DESC, session DESC LIMIT ${conditions.place(limit + 1)}::int)
     SELECT s.session, source, answered->>'providerId' AS "providerId", answered->>'model' AS model,
       requests::int, ${instantSql('first')} AS "firstAt", ${instantSql('last')} AS "lastAt",
       segments::int, bytes::float8, prompt::float8 AS "promptTokens", cached::float8 AS "cacheTokens",
       coalesce(drifts, 0)::int AS drifts, coalesce(misses, 0)::int AS misses,
       coalesce(tokens, 0)::float8 AS "lostTokens", coalesce(ms, 0) AS "lostMs"
     FROM sessions s LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE kind = 'drift') AS drifts, count(*) FILTER (WHERE kind = 'miss') AS misses,
         sum(lost_tokens) AS tokens, sum(lost_ms) AS ms
       FROM gateway.prefix_drifts d
       WHERE d.session = s.session AND d.at >= ${from}::timestamptz AND d.at < ${to}::timestamptz) d ON true
     ORDER BY last DESC, s.session DESC`,
    conditions.values,
  );
  const { page, nextCursor } = pageOf(found, limit, (row) => sessionCursor.encode([row.lastAt, row.session]));
  return { sessions: page, nextCursor };
}

/** The requests of a session, newest first. */
export async function listTurns(db: DataSource, period: Period, session: string): Promise<CacheTurns> {
  const conditions = dispatchesOf(period, {}).add((place) => `session = ${place}`, session);
  const turns = await db.query<CacheTurns['turns']>(
    `SELECT id, ${instantSql('at')} AS at, attempts->-1->>'providerId' AS "providerId",
       attempts->-1->>'model' AS model, ${PREFIX_SQL} AS prefix,
       prompt_tokens::float8 AS "promptTokens", cache_tokens::float8 AS "cacheTokens",
       (SELECT fact FROM gateway.prefix_drifts d WHERE d.id = dispatches.id AND d.at = dispatches.at) AS drift
     FROM gateway.dispatches WHERE ${conditions.toString()}
     ORDER BY gateway.dispatches.at DESC, gateway.dispatches.id DESC LIMIT ${MOST_TURNS}`,
    conditions.values,
  );
  return { turns };
}
