import type { ModelFigures, ModelFiguresQuerySchema } from '@boocontrol/contracts';
import type { z } from 'zod';
import { modelCursor } from '../db/cursor.js';
import { pageOf } from '@boocontrol/platform';
import type { HistoryDb } from '../db/history-db.js';
import { parseRange } from '../db/range.js';
import { SqlParams } from '../db/sql.js';
import { FIGURES } from './totals.repository.js';

/** Of a page; the longest names make it shorter. */
const MAX_MODELS = 1_000;

/**
 * A load is followed from end to end when both its start and its end were seen live, and the start was no first sight.
 * A day is longer than any load takes, and keeps the search for the start from going through all chunks.
 */
const LOADS = (conditions: string): string => `
  SELECT ended.model,
    (count(*) FILTER (WHERE ended.state = 'ready'))::float8 AS loads,
    (count(*) FILTER (WHERE ended.detail->'failed' = 'true'))::float8 AS "failedLoads",
    percentile_cont(0.5) WITHIN GROUP (ORDER BY 1000 * extract(epoch FROM ended.ts - begun.ts)::float8)
      FILTER (WHERE begun.state = 'starting' AND begun.detail->>'from' IS NOT NULL
        AND begun.detail->>'observed' = 'live'
        AND ended.state = 'ready' AND ended.detail->>'observed' = 'live') AS "loadMsP50"
  FROM fleet.model_events AS ended
  LEFT JOIN LATERAL (
    SELECT before.state, before.ts, before.detail FROM fleet.model_events AS before
    WHERE before.provider_id = ended.provider_id AND before.model = ended.model
      AND (before.ts, before.seq) < (ended.ts, ended.seq) AND before.ts > ended.ts - INTERVAL '1 day'
    ORDER BY before.ts DESC, before.seq DESC LIMIT 1
  ) AS begun ON ended.state = 'ready'
  WHERE ${conditions} AND ended.model <> '*'
    AND ((ended.state = 'ready' AND ended.detail->>'from' IS NOT NULL) OR ended.detail->'failed' = 'true')
  GROUP BY ended.model`;

/** After so many days a request counts half as much as one of now. */
const HALF_LIFE_DAYS = 3;

/**
 * Weighted medians of how fast requests were: the least value at which the weights up to it are half of all.
 * @param conditions on fleet.requests
 * @param now from which their age is counted, SQL
 */
const RECENT = (conditions: string, now: string): string => `
  SELECT model,
    min(value) FILTER (WHERE kind = 'gen' AND upto >= total / 2) AS "recentGenTps",
    min(value) FILTER (WHERE kind = 'ttft' AND upto >= total / 2) AS "recentTtftMs"
  FROM (
    SELECT model, kind, value,
      sum(weight) OVER (PARTITION BY model, kind ORDER BY value ROWS UNBOUNDED PRECEDING) AS upto,
      sum(weight) OVER (PARTITION BY model, kind) AS total
    FROM (
      -- What is older than 60 half-lives would not fit a number any more.
      SELECT model, gen_tps, prompt_tps, input_tokens, power(0.5::float8, least(60,
        greatest(0, extract(epoch FROM ${now} - ts)::float8) / (86400 * ${HALF_LIFE_DAYS}))) AS weight
      FROM fleet.requests WHERE ${conditions}
    ) AS weighed
    CROSS JOIN LATERAL (VALUES
      ('gen', CASE WHEN gen_tps > 0 THEN gen_tps END),
      ('ttft', CASE WHEN prompt_tps > 0 THEN 1000 * input_tokens / prompt_tps END)
    ) AS measured (kind, value)
    WHERE value IS NOT NULL
  ) AS ranked
  GROUP BY model`;

/**
 * A page of what the models of a host did, by model. First sight of a model that is loaded already is no load.
 * Thrown: CallError `bad_range`, `bad_cursor`; RpcError `unavailable`.
 */
export async function modelFigures(
  db: HistoryDb,
  query: z.output<typeof ModelFiguresQuerySchema>,
): Promise<ModelFigures> {
  const { limit = MAX_MODELS } = query;
  const { from, to } = parseRange(query);
  const params = new SqlParams();
  const host = params.add(query.providerId);
  const now = to === null ? 'now()' : `${params.add(to)}::timestamptz`;
  const ends = [
    ...(from === null ? [] : [` >= ${params.add(from)}::timestamptz`]),
    ...(to === null ? [] : [` < ${params.add(to)}::timestamptz`]),
  ];
  const behind = query.cursor === undefined ? null : params.add(modelCursor.decode(query.cursor)[0]);
  const within = (table: string): string =>
    [
      `${table}.provider_id = ${host}::text`,
      ...ends.map((end) => `${table}.ts${end}`),
      ...(behind === null ? [] : [`${table}.model > ${behind}::text`]),
    ].join(' AND ');
  const found = await db.rows<ModelFigures['models'][number]>(
    `WITH used AS (
       SELECT model, ${FIGURES},
         percentile_cont(0.5) WITHIN GROUP (ORDER BY gen_tps) AS "genTpsP50",
         percentile_cont(0.95) WITHIN GROUP (ORDER BY gen_tps) AS "genTpsP95"
       FROM fleet.requests WHERE ${within('requests')} GROUP BY model
     ), recent AS (${RECENT(within('requests'), now)}
     ), loaded AS (${LOADS(within('ended'))})
     SELECT model, coalesce(requests, 0) AS requests, coalesce(errors, 0) AS errors,
       coalesce("inputTokens", 0) AS "inputTokens", coalesce("promptTokens", 0) AS "promptTokens",
       coalesce("cacheTokens", 0) AS "cacheTokens",
       coalesce("outputTokens", 0) AS "outputTokens", coalesce("durationMs", 0) AS "durationMs",
       "genTps", "promptTps", "genTpsP50", "genTpsP95", "recentGenTps", "recentTtftMs",
       coalesce(loads, 0) AS loads, coalesce("failedLoads", 0) AS "failedLoads", "loadMsP50"
     FROM used LEFT JOIN recent USING (model) FULL JOIN loaded USING (model)
     ORDER BY model LIMIT ${params.add(limit + 1)}`,
    params.values,
  );
  const { page, nextCursor } = pageOf(found, limit, ({ model }) => modelCursor.encode([model]));
  return { models: page, nextCursor };
}
