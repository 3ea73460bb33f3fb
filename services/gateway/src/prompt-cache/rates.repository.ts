import type { CacheRates, CacheTotals, CacheTotalsQuerySchema } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Conditions, stepOf, type Period } from './period.js';

const MOST_SERIES = 50;

/** Of a record of a request: who answered last. */
const ANSWERED = `attempts->-1`;
/** The host told both; whoever tells no cached tokens tells nothing of its cache. */
const TOLD = `prompt_tokens IS NOT NULL AND cache_tokens IS NOT NULL`;

type Whose = Pick<z.output<typeof CacheTotalsQuerySchema>, 'source' | 'model' | 'providerId'>;

/** Which records of requests. */
export function dispatchesOf(period: Period, { source, model, providerId }: Whose): Conditions {
  return new Conditions()
    .within(period)
    .add((place) => `source = ${place}`, source)
    .add((place) => `${ANSWERED}->>'model' = ${place}`, model)
    .add((place) => `${ANSWERED}->>'providerId' = ${place}`, providerId);
}

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
  const conditions = dispatchesOf(period, whose);
  const step = conditions.place(stepS);
  const most = conditions.place(MOST_SERIES);
  const rows = await db.query<Row[]>(
    `WITH points AS (
       SELECT source, ${ANSWERED}->>'model' AS model,
         time_bucket(make_interval(secs => ${step}::float8), at, TIMESTAMPTZ '1970-01-01') AS point,
         count(*) AS requests, sum(prompt_tokens) AS prompt, sum(cache_tokens) AS cached
       FROM gateway.dispatches
       WHERE ${conditions.toString()} AND ${TOLD} AND ${ANSWERED}->>'model' IS NOT NULL
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
  const conditions = dispatchesOf(period, whose);
  const [row] = await db.query<Awaited<ReturnType<typeof sumCached>>[]>(
    `SELECT (count(*) FILTER (WHERE ${TOLD}))::int AS requests,
       coalesce(sum(prompt_tokens) FILTER (WHERE ${TOLD}), 0)::float8 AS "promptTokens",
       coalesce(sum(cache_tokens) FILTER (WHERE ${TOLD}), 0)::float8 AS "cacheTokens",
       count(DISTINCT session)::int AS sessions
     FROM gateway.dispatches WHERE ${conditions.toString()}`,
    conditions.values,
  );
  return row ?? { requests: 0, promptTokens: 0, cacheTokens: 0, sessions: 0 };
}
