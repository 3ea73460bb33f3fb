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
import { PROMPTS, promptsOf, ROW_SQL } from './prompts.repository.js';

/** lastAt, session: who was there last, first. */
const sessionCursor = cursorCodec('ps', z.tuple([CursorInstant, z.string()]));
const MOST_TURNS = 500;

/** One page. @throws {CallError} `bad_cursor` */
export async function listSessions(
  db: DataSource,
  period: Period,
  { limit, cursor, ...whose }: z.output<typeof CacheSessionsQuerySchema>,
): Promise<CacheSessions> {
  const conditions = promptsOf(period, whose);
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
         (array_agg(provider_id ORDER BY at DESC))[1] AS "providerId",
         (array_agg(model ORDER BY at DESC))[1] AS model,
         (array_agg(prefix_segments ORDER BY at DESC))[1] AS segments,
         (array_agg(prefix_bytes ORDER BY at DESC))[1] AS bytes,
         coalesce(sum(prompt_tokens) FILTER (WHERE cache_tokens IS NOT NULL), 0) AS prompt,
         coalesce(sum(cache_tokens) FILTER (WHERE prompt_tokens IS NOT NULL), 0) AS cached
       FROM ${PROMPTS} WHERE session IS NOT NULL AND ${conditions.toString()}
       GROUP BY session ${after}
       ORDER BY max(at) DESC, session DESC LIMIT ${conditions.place(limit + 1)}::int)
     SELECT s.session, source, s."providerId", s.model,
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
  const conditions = promptsOf(period, {}).add((place) => `session = ${place}`, session);
  const found = await db.query<{ turn: CacheTurns['turns'][number] }[]>(
    `SELECT jsonb_build_object('id', id, 'at', ${instantSql('at')}, 'providerId', provider_id, 'model', model,
       'prefix', ${PREFIX_SQL}, 'promptTokens', prompt_tokens, 'cacheTokens', cache_tokens,
       'drift', (SELECT fact FROM gateway.prefix_drifts d WHERE d.id = prompts.id AND d.at = prompts.at))
       || ${ROW_SQL} AS turn
     FROM ${PROMPTS} WHERE ${conditions.toString()}
     ORDER BY prompts.at DESC, prompts.id DESC LIMIT ${MOST_TURNS}`,
    conditions.values,
  );
  const turns = found.map(({ turn }) => turn);
  return { turns };
}
