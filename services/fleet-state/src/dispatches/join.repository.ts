import { instantSql, jsonRows } from '@boocontrol/platform';
import type { EntityManager } from 'typeorm';
import { PROMPT_COUNTS, PROMPT_TOKENS } from '../db/prompt-sql.js';
import type { RowSpan as Span } from '../projection/new-rows.js';
import type { Join, OpenAttempt, OpenRow } from './match.js';

const epochMs = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

/** Until the end of the transaction nobody else joins this host's rows. */
export async function lockHost(tx: EntityManager, providerId: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('fleet.dispatch_attempts'), hashtext($1))`, [
    providerId,
  ]);
}

/** What an attempt is joined to now. */
export interface Held {
  entryId: number;
  ts: string;
  joined: 'exact' | 'matched';
}
export interface HeldAttempt extends OpenAttempt {
  held: Held | null;
}

const ATTEMPTS = `
  SELECT dispatch_id AS "dispatchId", attempt, model, req_path AS "reqPath", source, outcome, status,
    ${epochMs('started_at')} AS "startMs", ${epochMs('ended_at')} AS "endMs",
    prompt_tokens::float8 AS "promptTokens", output_tokens::float8 AS "outputTokens",
    CASE WHEN joined IS NOT NULL THEN
      json_build_object('entryId', row_entry_id, 'ts', ${instantSql('row_ts')}, 'joined', joined) END AS held
  FROM fleet.dispatch_attempts
  WHERE provider_id = $1`;
const IN_SPAN = `ended_at >= to_timestamp($2::float8 / 1000) AND started_at <= to_timestamp($3::float8 / 1000)`;

/** Attempts at a host that touch the time. */
export function attemptsIn(
  tx: EntityManager,
  providerId: string,
  { fromMs, toMs }: Span,
): Promise<HeldAttempt[]> {
  return tx.query(`${ATTEMPTS} AND ${IN_SPAN}`, [providerId, fromMs, toMs]);
}

/** Attempts of these requests to /v1 at a host, whenever they were. */
export function attemptsOfDispatches(
  tx: EntityManager,
  providerId: string,
  dispatchIds: readonly string[],
): Promise<HeldAttempt[]> {
  return tx.query(`${ATTEMPTS} AND dispatch_id = ANY($2::uuid[])`, [providerId, dispatchIds]);
}

const ROWS = `
  SELECT swap_entry_id::float8 AS "entryId", ${instantSql('ts')} AS ts, model, req_path AS "reqPath", source,
    status_code AS status, ${epochMs('ended_at')} AS "endMs", duration_ms AS "durationMs",
    (${PROMPT_TOKENS})::float8 AS "promptTokens", ${PROMPT_COUNTS} = 'known' AS "isPromptCertain",
    output_tokens::float8 AS "outputTokens", dispatch_id AS "dispatchId", is_dispatch_told AS "isTold"
  FROM fleet.requests
  WHERE provider_id = $1 AND `;
const ENDED_IN_SPAN = `is_dispatch_told IS NOT NULL
  AND ended_at BETWEEN to_timestamp($2::float8 / 1000) AND to_timestamp($3::float8 / 1000)`;

type StoredRow = Omit<OpenRow, 'dispatchId'> & { dispatchId: string | null; isTold: boolean };

/** Rows of a host that ended in the time. */
export async function rowsIn(
  tx: EntityManager,
  providerId: string,
  { fromMs, toMs }: Span,
): Promise<OpenRow[]> {
  return opened(await tx.query<StoredRow[]>(ROWS + ENDED_IN_SPAN, [providerId, fromMs, toMs]));
}

/** Rows of a host that say that they are of these requests to /v1, whenever they ended. */
export async function rowsOfDispatches(
  tx: EntityManager,
  providerId: string,
  dispatchIds: readonly string[],
): Promise<OpenRow[]> {
  const sql = `${ROWS} dispatch_id = ANY($2::uuid[])`;
  return opened(await tx.query<StoredRow[]>(sql, [providerId, dispatchIds]));
}

const opened = (rows: readonly StoredRow[]): OpenRow[] =>
  rows.map(({ isTold, dispatchId, ...row }) => ({ ...row, dispatchId: isTold ? dispatchId : undefined }));

const HOLDERS = `
  SELECT dispatch_id AS "dispatchId", attempt, row_entry_id::float8 AS "entryId", ${instantSql('row_ts')} AS ts
  FROM fleet.dispatch_attempts
  JOIN json_to_recordset($2::json) AS r ("entryId" bigint, ts timestamptz)
    ON row_entry_id = r."entryId" AND row_ts = r.ts
  WHERE provider_id = $1`;

/** Who has these rows now. */
export function holdersOf(
  tx: EntityManager,
  providerId: string,
  rows: readonly Pick<OpenRow, 'entryId' | 'ts'>[],
): Promise<{ dispatchId: string; attempt: number; entryId: number; ts: string }[]> {
  return tx.query(HOLDERS, [providerId, jsonRows(rows.map(({ entryId, ts }) => ({ entryId, ts })))]);
}

const KEYS = `json_to_recordset($1::json) AS r (
  "dispatchId" uuid, attempt smallint, "entryId" bigint, ts timestamptz, joined text)
  WHERE a.dispatch_id = r."dispatchId" AND a.attempt = r.attempt`;
const FREE = `UPDATE fleet.dispatch_attempts a SET row_entry_id = NULL, row_ts = NULL, joined = NULL FROM ${KEYS}`;
const SET = `UPDATE fleet.dispatch_attempts a SET row_entry_id = r."entryId", row_ts = r.ts, joined = r.joined FROM ${KEYS}`;

/** First all are let go, then joined anew: of two that change places each has its row free. */
export async function rejoin(
  tx: EntityManager,
  freed: readonly Pick<OpenAttempt, 'dispatchId' | 'attempt'>[],
  joins: readonly Join[],
): Promise<void> {
  const keyOf = ({ dispatchId, attempt }: (typeof freed)[number]): object => ({ dispatchId, attempt });
  if (freed.length > 0) await tx.query(FREE, [jsonRows(freed.map(keyOf))]);
  const set = joins.map(({ attempt, row: { entryId, ts }, joined }) => ({
    ...keyOf(attempt),
    entryId,
    ts,
    joined,
  }));
  if (set.length > 0) await tx.query(SET, [jsonRows(set)]);
}

const UNJOINED = `
  SELECT provider_id AS "providerId", ${epochMs('min(started_at)')} AS "fromMs", ${epochMs('max(ended_at)')} AS "toMs"
  FROM fleet.dispatch_attempts
  WHERE joined IS NULL AND ended_at >= to_timestamp($1::float8 / 1000)
  GROUP BY provider_id, date_trunc('hour', ended_at, 'UTC')`;

/** Times in which attempts have no row yet, of each host. */
export function unjoinedSince(
  tx: EntityManager,
  sinceMs: number,
): Promise<(Span & { providerId: string })[]> {
  return tx.query(UNJOINED, [sinceMs]);
}
