import type { CacheRates, CacheTotals } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { stepOf, type Period } from './period.js';
import { PROMPTS, promptsOf, TOLD, type Whose } from './prompts.repository.js';

const MOST_SERIES = 50;

interface Row {
  source: string;
  model: string;
  requests: number;
  promptTokens: number;
  cacheTokens: number;
  points: CacheRates['series'][number]['points'];
  pairs: number;
}

/** How much of prompts was in the cache, for each consumer and model over time. */
export async function cacheRates(db: DataSource, period: Period, whose: Whose): Promise<CacheRates> {
  const stepS = stepOf(period);
  const conditions = promptsOf(period, whose);
  const step = conditions.place(stepS);
  const most = conditions.place(MOST_SERIES);
  const rows = await db.query<Row[]>(
    `WITH points AS (
       SELECT source, model,
         time_bucket(make_interval(secs => ${step}::float8), at, TIMESTAMPTZ '1970-01-01') AS point,
         count(*) AS requests, sum(prompt_tokens) AS prompt, sum(cache_tokens) AS cached
       FROM ${PROMPTS}
       WHERE ${conditions.toString()} AND ${TOLD} AND model IS NOT NULL
       GROUP BY 1, 2, 3)
     SELECT source, model, sum(requests)::int AS requests, sum(prompt)::float8 AS "promptTokens",
       sum(cached)::float8 AS "cacheTokens", (count(*) OVER ())::int AS pairs,
       jsonb_agg(jsonb_build_object('at', ${instantSql('point')}, 'requests', requests,
         'promptTokens', prompt, 'cacheTokens', cached) ORDER BY point) AS points
     FROM points GROUP BY source, model
     ORDER BY sum(prompt) DESC, source, model LIMIT ${most}::int`,
    conditions.values,
  );
  const series = rows.map(({ source, model, requests, promptTokens, cacheTokens, points }) => ({
    source,
    model,
    requests,
    promptTokens,
    cacheTokens,
    points,
  }));
  return { ...period, stepS, series, leftOut: (rows[0]?.pairs ?? 0) - rows.length };
}

/** How much of prompts was in the cache, over all. */
export async function sumCached(
  db: DataSource,
  period: Period,
  whose: Whose,
): Promise<Pick<CacheTotals, 'requests' | 'promptTokens' | 'cacheTokens' | 'sessions'>> {
  const conditions = promptsOf(period, whose);
  const [row] = await db.query<Awaited<ReturnType<typeof sumCached>>[]>(
    `SELECT (count(*) FILTER (WHERE ${TOLD}))::int AS requests,
       coalesce(sum(prompt_tokens) FILTER (WHERE ${TOLD}), 0)::float8 AS "promptTokens",
       coalesce(sum(cache_tokens) FILTER (WHERE ${TOLD}), 0)::float8 AS "cacheTokens",
       count(DISTINCT session)::int AS sessions
     FROM ${PROMPTS} WHERE ${conditions.toString()}`,
    conditions.values,
  );
  return row ?? { requests: 0, promptTokens: 0, cacheTokens: 0, sessions: 0 };
}
