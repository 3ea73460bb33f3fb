import { textRefusals, type ActivityFilter } from '@boocontrol/contracts';
import { readTextQuery, type TextQuery } from '@boocontrol/fleet-model';
import { refuse } from '@boocontrol/platform';
import { toTsQuery } from '../captures/search-sql.js';
import { parseRange } from '../db/range.js';
import type { SqlParams } from '../db/sql.js';
import { passesStatusSql } from '../db/status-sql.js';

type GoodTextQuery = Extract<TextQuery, { ok: true }>;

/** Requests that ended so much later are looked at, too, when those that ran in a span are asked for. */
const LONGEST = `INTERVAL '24 hours'`;

/** `ts` is the end of a request; the first is of that alone. @param to the placeholder of an instant */
function beforeSql(to: string, ran: boolean): string[] {
  if (!ran) return [`ts < ${to}::timestamptz`];
  // The first is by what the index is; it bounds what the second has to be worked out for.
  return [
    `ts < ${to}::timestamptz + ${LONGEST}`,
    `ts - duration_ms * INTERVAL '1 millisecond' < ${to}::timestamptz`,
  ];
}

interface Conditions {
  /** On the columns of the key alone, which fleet.captures has as well. */
  key: string[];
  row: string[];
}

/**
 * Conditions on fleet.requests, all but the text; joined by AND. Thrown: CallError `bad_range`.
 * @param ran whether those are wanted that ran in the range, instead of those that ended in it
 */
export function rowConditions(filter: ActivityFilter, params: SqlParams, ran = false): Conditions {
  const { from, to } = parseRange(filter);
  const [before, ...begunBefore] = to === null ? [] : beforeSql(params.add(to), ran);
  return {
    key: [
      ...(from === null ? [] : [`ts >= ${params.add(from)}::timestamptz`]),
      ...(before === undefined ? [] : [before]),
    ],
    row: [
      ...begunBefore,
      ...isOneOf('provider_id', filter.providerId, params),
      ...isOneOf('model', filter.model, params),
      ...isOneOf('source', filter.source, params),
      ...isOneOf('req_path', filter.reqPath, params),
      ...(filter.status === undefined ? [] : [passesStatusSql(filter.status)]),
    ],
  };
}

/** Conditions on fleet.requests; joined by AND. Thrown: CallError `bad_range`, `bad_text`. */
export function activityConditions(filter: ActivityFilter, params: SqlParams): string[] {
  const { key, row } = rowConditions(filter, params);
  if (filter.text === undefined) return [...key, ...row];
  const captures = `SELECT provider_id, swap_entry_id, ts FROM fleet.captures
    WHERE ${[saysSql(filter.text, params), ...key].join(' AND ')}`;
  return [...key, ...row, `(provider_id, swap_entry_id, ts) IN (${captures})`];
}

/** A condition on fleet.captures. Thrown: CallError `bad_text`. */
export const saysSql = (text: string, params: SqlParams): string =>
  `words @@ ${params.add(toTsQuery(textQuery(text)))}::tsquery AND fleet.fetches_words(ts) IS NOT NULL`;

/** @throws {CallError} `bad_text` when nothing can be looked for by it */
export function textQuery(text: string): GoodTextQuery {
  const query = readTextQuery(text);
  if (!query.ok)
    throw refuse(textRefusals, 'bad_text', `Nothing can be searched for by this text. ${query.why}`);
  return query;
}

/** An equation where one value is asked for: the planner then knows that an index on the column is in time order. */
export function isOneOf(column: string, wanted: readonly string[] | undefined, params: SqlParams): string[] {
  if (wanted === undefined) return [];
  const [only, ...others] = wanted;
  return only !== undefined && others.length === 0
    ? [`${column} = ${params.add(only)}::text`]
    : [`${column} = ANY(${params.add(wanted)}::text[])`];
}
