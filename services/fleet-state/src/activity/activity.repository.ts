import type { ActivityPage, ActivityQuerySchema, ActivityRow, Capture } from '@boocontrol/contracts';
import { activityKey, type RowKey } from '@boocontrol/fleet-model';
import { instantSql, pageOf } from '@boocontrol/platform';
import type { z } from 'zod';
import { activityCursor } from '../db/cursor.js';
import type { HistoryDb } from '../db/history-db.js';
import { PROMPT_COUNTS, PROMPT_TOKENS } from '../db/prompt-sql.js';
import { SqlParams } from '../db/sql.js';
import { rowConditions, saysSql, textQuery } from './activity-filter.js';
import { searchedIn, withFound } from './found.repository.js';

interface StoredRow extends Omit<ActivityRow, 'key' | 'dispatchId' | 'dispatch'> {
  joinedTo: (NonNullable<ActivityRow['dispatch']> & { id: string }) | null;
  claimed: string | null;
}

/** Columns of fleet.requests under the names of the contracts. bigint as a number: token counts fit. */
export const REQUEST_COLUMNS = `
  provider_id AS "providerId", swap_entry_id::float8 AS "entryId", ${instantSql('ts')} AS ts, model, source,
  req_path AS "reqPath", resp_content_type AS "respContentType", status_code AS "statusCode",
  duration_ms AS "durationMs", cache_tokens::float8 AS "cacheTokens", input_tokens::float8 AS "inputTokens",
  output_tokens::float8 AS "outputTokens", draft_tokens::float8 AS "draftTokens",
  draft_accepted_tokens::float8 AS "draftAcceptedTokens", prompt_tps AS "promptTps", gen_tps AS "genTps",
  (${PROMPT_TOKENS})::float8 AS "promptTokens", ${PROMPT_COUNTS} AS "promptCounts",
  has_capture AS "hasCapture", error_msg AS "errorMsg"`;

/**
 * The dispatch of a row: what its attempt was, else what its own headers say where nothing is known of that dispatch.
 * Subqueries, so that only the rows of the page are looked up.
 */
const DISPATCH_COLUMNS = `
  (SELECT json_build_object(
     'id', a.dispatch_id, 'joined', a.joined, 'attempt', a.attempt, 'attempts', a.attempts, 'outcome', a.outcome)
   FROM fleet.dispatch_attempts a
   WHERE a.provider_id = requests.provider_id AND a.row_entry_id = requests.swap_entry_id
     AND a.row_ts = requests.ts) AS "joinedTo",
  CASE WHEN dispatch_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM fleet.dispatch_attempts a WHERE a.dispatch_id = requests.dispatch_id) THEN dispatch_id END AS claimed`;

/** @param id the placeholder of a dispatch's id */
const isOfDispatch = (id: string): string => `(provider_id, swap_entry_id, ts) IN (
  SELECT provider_id, row_entry_id, row_ts FROM fleet.dispatch_attempts
  WHERE dispatch_id = ${id}::uuid AND joined IS NOT NULL
  UNION ALL
  SELECT provider_id, swap_entry_id, ts FROM fleet.requests
  WHERE dispatch_id = ${id}::uuid
    AND NOT EXISTS (SELECT FROM fleet.dispatch_attempts WHERE dispatch_id = ${id}::uuid))`;

/**
 * The statement of one page, one row more than asked for. `ts <= …` repeats the first part of the row comparison in
 * a form by which TimescaleDB leaves out newer chunks. Thrown: CallError `bad_range`, `bad_cursor`, `bad_text`.
 */
export function activityPageSql(query: z.output<typeof ActivityQuerySchema>): {
  sql: string;
  params: unknown[];
} {
  const params = new SqlParams();
  const { key, row } = rowConditions(query, params, query.ran);
  if (query.cursor !== undefined) {
    const [ts, providerId, entryId] = activityCursor.decode(query.cursor);
    const tsParam = `${params.add(ts)}::timestamptz`;
    key.push(
      `ts <= ${tsParam}`,
      `(ts, provider_id, swap_entry_id) < (${tsParam}, ${params.add(providerId)}::text, ${params.add(entryId)}::bigint)`,
    );
  }
  if (query.dispatchId !== undefined) row.push(isOfDispatch(params.add(query.dispatchId)));
  const [from, order] =
    query.text === undefined
      ? [
          `fleet.requests ${whereSql([...key, ...row])}`,
          'fleet.requests.ts DESC, provider_id DESC, swap_entry_id DESC',
        ]
      : [
          saidSql([saysSql(query.text, params), ...key], row),
          'hit_ts DESC, hit_provider DESC, hit_entry DESC',
        ];
  const sql = `
    SELECT ${REQUEST_COLUMNS}, ${DISPATCH_COLUMNS} FROM ${from}
    ORDER BY ${order}
    LIMIT ${params.add(query.limit + 1)}`;
  return { sql, params: params.values };
}

const whereSql = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;

/**
 * Requests by their captures: those lead, in order, so that a page of words that most of them have is full soon, and each
 * of the others is looked up by its key.
 */
const saidSql = (ofCaptures: readonly string[], ofRows: readonly string[]): string => `
  (SELECT provider_id AS hit_provider, swap_entry_id AS hit_entry, ts AS hit_ts FROM fleet.captures
   ${whereSql(ofCaptures)}
   ORDER BY ts DESC, provider_id DESC, swap_entry_id DESC) AS hits
  CROSS JOIN LATERAL (SELECT * FROM fleet.requests
   ${whereSql(['provider_id = hit_provider', 'swap_entry_id = hit_entry', 'ts = hit_ts', ...ofRows])}
   LIMIT 1) AS requests`;

/** One page, newest first. Thrown: CallError `bad_range`, `bad_cursor`, `bad_text`; RpcError `unavailable`. */
export async function activityPage(
  db: HistoryDb,
  query: z.output<typeof ActivityQuerySchema>,
): Promise<ActivityPage> {
  const { sql, params } = activityPageSql(query);
  const stored = (await db.rows<StoredRow>(sql, params)).map(withKey);
  const rows = query.text === undefined ? stored : await withFound(db, stored, textQuery(query.text));
  const { page, nextCursor } = pageOf(rows, query.limit, ({ ts, providerId, entryId }) =>
    activityCursor.encode([ts, providerId, entryId]),
  );
  return query.text === undefined
    ? { rows: page, nextCursor }
    : { rows: page, nextCursor, searched: await searchedIn(db) };
}

const ENTRY = `
  SELECT ${REQUEST_COLUMNS}, ${DISPATCH_COLUMNS}, extract(epoch FROM stated_at)::float8 * 1000 AS "statedAtMs",
    ${instantSql('ended_at')} AS "endedAt"
  FROM fleet.requests WHERE provider_id = $1 AND swap_entry_id = $2 AND ts = $3::timestamptz`;

export interface StoredEntry {
  row: ActivityRow;
  /** When its fact was stated, Unix milliseconds. */
  statedAtMs: number;
  /** By our clock. */
  endedAt: string;
}

/** null when there is no such row. Thrown: RpcError `unavailable`. */
export async function activityEntry(db: HistoryDb, key: RowKey): Promise<StoredEntry | null> {
  const [found] = await db.rows<StoredRow & Omit<StoredEntry, 'row'>>(ENTRY, keyParams(key));
  if (found === undefined) return null;
  const { statedAtMs, endedAt, ...row } = found;
  return { row: withKey(row), statedAtMs, endedAt };
}

const CAPTURE = `
  SELECT body FROM fleet.captures WHERE provider_id = $1 AND swap_entry_id = $2 AND ts = $3::timestamptz`;
const CAPTURE_LOSS = `
  SELECT
    EXISTS (SELECT FROM fleet.watermarks WHERE name = 'captures_pruned' AND ts >= $2::timestamptz) AS pruned,
    EXISTS (SELECT FROM fleet.watermarks WHERE name = 'captures_lost' AND ts >= $3::timestamptz) OR EXISTS (
      SELECT FROM fleet.model_events
      WHERE provider_id = $1 AND model = '*' AND state = 'gap_suspected' AND detail->>'reason' = 'capture_lost'
        AND (detail->>'fromTs')::timestamptz <= $2::timestamptz
        AND (detail->>'toTs')::timestamptz >= $2::timestamptz
    ) AS lost`;

export async function storedCapture(db: HistoryDb, key: RowKey): Promise<Capture | null> {
  const [found] = await db.rows<{ body: Capture }>(CAPTURE, keyParams(key));
  return found?.body ?? null;
}

/** Why a capture may be missing: pruned for the budget, lost before it was fetched, or with a database that was put back. */
export async function captureLoss(
  db: HistoryDb,
  { providerId, ts }: RowKey,
  statedAtMs: number,
): Promise<{ pruned: boolean; lost: boolean }> {
  const statedAt = new Date(statedAtMs).toISOString();
  const [found] = await db.rows<{ pruned: boolean; lost: boolean }>(CAPTURE_LOSS, [providerId, ts, statedAt]);
  return found ?? { pruned: false, lost: false };
}

const keyParams = ({ providerId, entryId, ts }: RowKey): unknown[] => [providerId, entryId, ts];
function withKey({ joinedTo, claimed, ...row }: StoredRow): ActivityRow {
  const key = activityKey(row);
  if (joinedTo === null) return { ...row, key, dispatchId: claimed, dispatch: null };
  const { id, ...dispatch } = joinedTo;
  return { ...row, key, dispatchId: id, dispatch };
}
