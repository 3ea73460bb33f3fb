import type { ActivityFilter } from '@boocontrol/contracts';
import { parseRange } from '../db/range.js';
import type { SqlParams } from '../db/sql.js';
import { passesStatusSql } from '../db/status-sql.js';

/** Requests that ended so much later are looked at, too, when those that ran in a span are asked for. */
const LONGEST = `INTERVAL '24 hours'`;

/** `ts` is the end of a request. @param to the placeholder of an instant */
function beforeSql(to: string, ran: boolean): string[] {
  if (!ran) return [`ts < ${to}::timestamptz`];
  // The first is by what the index is; it bounds what the second has to be worked out for.
  return [
    `ts < ${to}::timestamptz + ${LONGEST}`,
    `ts - duration_ms * INTERVAL '1 millisecond' < ${to}::timestamptz`,
  ];
}

/**
 * Conditions on fleet.requests; joined by AND. Thrown: CallError `bad_range`.
 * @param ran whether those are wanted that ran in the range, instead of those that ended in it
 */
export function activityConditions(filter: ActivityFilter, params: SqlParams, ran = false): string[] {
  const { from, to } = parseRange(filter);
  return [
    ...(from === null ? [] : [`ts >= ${params.add(from)}::timestamptz`]),
    ...(to === null ? [] : beforeSql(params.add(to), ran)),
    ...isOneOf('provider_id', filter.providerId, params),
    ...isOneOf('model', filter.model, params),
    ...isOneOf('source', filter.source, params),
    ...isOneOf('req_path', filter.reqPath, params),
    ...(filter.status === undefined ? [] : [passesStatusSql(filter.status)]),
  ];
}

/** An equation where one value is asked for: the planner then knows that an index on the column is in time order. */
export function isOneOf(column: string, wanted: readonly string[] | undefined, params: SqlParams): string[] {
  if (wanted === undefined) return [];
  const [only, ...others] = wanted;
  return only !== undefined && others.length === 0
    ? [`${column} = ${params.add(only)}::text`]
    : [`${column} = ANY(${params.add(wanted)}::text[])`];
}
