import { calls, type Totals, type TotalsQuerySchema } from '@boocontrol/contracts';
import { refuse } from '@boocontrol/platform';
import type { z } from 'zod';
import { activityConditions } from '../activity/activity-filter.js';
import type { HistoryDb } from '../db/history-db.js';
import { instantSql, SqlParams } from '../db/sql.js';

type TotalsQuery = z.output<typeof TotalsQuerySchema>;

const COLUMN_OF = { provider: 'provider_id', model: 'model', source: 'source' } as const;

/** So many groups still fit into one message of the bus. */
export const MAX_GROUPS = 2_500;

/** Buckets begin at multiples of bucketS from Monday, 3 January 2000, 00:00 UTC: hours, days and weeks as people expect. */
export function totalsSql(query: TotalsQuery): { sql: string; params: unknown[] } {
  const params = new SqlParams();
  const conditions = activityConditions(query, params);
  const bucket =
    query.bucketS === undefined
      ? null
      : `time_bucket(make_interval(secs => ${params.add(query.bucketS)}), ts)`;
  const wanted = new Set(query.groupBy);
  const pick = (name: keyof typeof COLUMN_OF): string => (wanted.has(name) ? COLUMN_OF[name] : 'NULL::text');
  const groups = [...(bucket === null ? [] : [bucket]), ...[...wanted].map((name) => COLUMN_OF[name])];
  const sql = `
    SELECT
      ${bucket === null ? 'NULL::text' : instantSql(bucket)} AS bucket,
      ${pick('provider')} AS "providerId", ${pick('model')} AS model, ${pick('source')} AS source,
      count(*)::float8 AS requests,
      (count(*) FILTER (WHERE status_code >= 400))::float8 AS errors,
      coalesce(sum(input_tokens), 0)::float8 AS "inputTokens",
      coalesce(sum(cache_tokens), 0)::float8 AS "cacheTokens",
      coalesce(sum(output_tokens), 0)::float8 AS "outputTokens",
      coalesce(sum(duration_ms), 0) AS "durationMs",
      sum(gen_tps * output_tokens) / nullif(sum(output_tokens) FILTER (WHERE gen_tps IS NOT NULL), 0) AS "genTps",
      sum(prompt_tps * input_tokens) / nullif(sum(input_tokens) FILTER (WHERE prompt_tps IS NOT NULL), 0) AS "promptTps"
    FROM fleet.requests
    ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
    ${groups.length === 0 ? '' : `GROUP BY ${groups.join(', ')}`}
    HAVING count(*) > 0
    ORDER BY 1, 2, 3, 4
    LIMIT ${MAX_GROUPS + 1}`;
  return { sql, params: params.values };
}

/** Groups that have requests, by bucket, host, model, consumer. Thrown: CallError `bad_range`, `too_many_groups`; RpcError `unavailable`. */
export async function totals(db: HistoryDb, query: TotalsQuery): Promise<Totals> {
  const { sql, params } = totalsSql(query);
  const groups = await db.rows<Totals['groups'][number]>(sql, params);
  if (groups.length <= MAX_GROUPS) return { groups };
  throw refuse(
    calls.totals,
    'too_many_groups',
    `The answer has more than ${MAX_GROUPS} groups: ask for a shorter range, longer buckets or fewer dimensions`,
  );
}
