import type { ActivityFilter } from '@boocontrol/contracts';
import { parseRange } from '../db/range.js';
import type { SqlParams } from '../db/sql.js';
import { passesStatusSql } from '../db/status-sql.js';

/** Conditions on fleet.requests; joined by AND. Thrown: CallError `bad_range`. */
export function activityConditions(filter: ActivityFilter, params: SqlParams): string[] {
  const { from, to } = parseRange(filter);
  return [
    ...(from === null ? [] : [`ts >= ${params.add(from)}::timestamptz`]),
    ...(to === null ? [] : [`ts < ${params.add(to)}::timestamptz`]),
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
