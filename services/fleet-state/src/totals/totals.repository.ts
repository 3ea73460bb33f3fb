import type { Totals, TotalsQuerySchema } from '@boocontrol/contracts';
import type { z } from 'zod';
import { activityConditions } from '../activity/activity-filter.js';
import { pageOf } from '@boocontrol/platform';
import type { HistoryDb } from '../db/history-db.js';
import { PROMPT_TOKENS } from '../db/prompt-sql.js';
import { SqlParams } from '../db/sql.js';
import { passesStatusSql } from '../db/status-sql.js';
import { behindCursor, cursorOf, groupKey, type KeyPart } from './group-key.js';

type TotalsQuery = z.output<typeof TotalsQuerySchema>;
type Group = Totals['groups'][number];
type Figures = NonNullable<Totals['rest']>;

/** Of a page; the longest names make it shorter. */
const MAX_GROUPS = 2_500;

/** Of the requests of a group. */
export const FIGURES = `
  count(*)::float8 AS requests,
  (count(*) FILTER (WHERE ${passesStatusSql(['failed'])}))::float8 AS errors,
  coalesce(sum(input_tokens), 0)::float8 AS "inputTokens",
  coalesce(sum(${PROMPT_TOKENS}), 0)::float8 AS "promptTokens",
  coalesce(sum(cache_tokens), 0)::float8 AS "cacheTokens",
  coalesce(sum(output_tokens), 0)::float8 AS "outputTokens",
  coalesce(sum(duration_ms), 0) AS "durationMs",
  sum(gen_tps * output_tokens) / nullif(sum(output_tokens) FILTER (WHERE gen_tps IS NOT NULL), 0) AS "genTps",
  sum(prompt_tps * input_tokens) / nullif(sum(input_tokens) FILTER (WHERE prompt_tps IS NOT NULL), 0) AS "promptTps"`;

/**
 * A page of groups that have requests, by bucket, host, model, consumer, and what the groups behind it add up to.
 * Thrown: CallError `bad_range`, `bad_cursor`; RpcError `unavailable`.
 */
export async function totals(db: HistoryDb, query: TotalsQuery): Promise<Totals> {
  const { limit = MAX_GROUPS } = query;
  const params = new SqlParams();
  const key = groupKey(query, params);
  const found = await db.rows<Group>(groupsSql(query, limit, key, params), params.values);
  const { page, nextCursor } = pageOf(found, limit, (last) =>
    cursorOf(key).encode(key.map(({ field }) => last[field] ?? '')),
  );
  return {
    groups: page,
    rest: nextCursor === null ? null : await rest(db, { ...query, cursor: nextCursor }),
    nextCursor,
  };
}

/** One group more than the limit. */
function groupsSql(query: TotalsQuery, limit: number, key: readonly KeyPart[], params: SqlParams): string {
  const shown = (field: KeyPart['field']): string =>
    `${key.find((part) => part.field === field)?.shown ?? 'NULL::text'} AS "${field}"`;
  const by = key.map(({ sql }) => sql).join(', ');
  return `
    SELECT ${shown('bucket')}, ${shown('providerId')}, ${shown('model')}, ${shown('source')}, ${FIGURES}
    FROM fleet.requests ${where(query, key, params)}
    ${by === '' ? '' : `GROUP BY ${by}`}
    HAVING count(*) > 0
    ${by === '' ? '' : `ORDER BY ${by}`}
    LIMIT ${params.add(limit + 1)}`;
}

/** The groups behind the query's cursor as one; null when there are none. */
async function rest(db: HistoryDb, query: TotalsQuery): Promise<Figures | null> {
  const params = new SqlParams();
  const key = groupKey(query, params);
  const sql = `SELECT ${FIGURES} FROM fleet.requests ${where(query, key, params)} HAVING count(*) > 0`;
  const [found] = await db.rows<Figures>(sql, params.values);
  return found ?? null;
}

function where(query: TotalsQuery, key: readonly KeyPart[], params: SqlParams): string {
  const conditions = [...activityConditions(query, params), ...behindCursor(query.cursor, key, params)];
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}
