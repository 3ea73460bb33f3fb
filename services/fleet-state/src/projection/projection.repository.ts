import type { Request } from '@boocontrol/contracts';
import { toldPrompt } from '@boocontrol/fleet-model';
import type { EntityManager } from 'typeorm';
import { jsonRows } from '@boocontrol/platform';
import type { ModelEventRow } from './model-event-rows.js';

// Each statement inserts a whole batch from one parameter. Rows are sorted by their key, so that two transactions that
// write the same rows wait for each other instead of blocking each other; the widest rows come sorted, which is cheaper.

const INSERT_REQUESTS = `
  INSERT INTO fleet.requests (
    provider_id, swap_entry_id, ts, model, source, req_path, resp_content_type, status_code, duration_ms,
    cache_tokens, input_tokens, output_tokens, draft_tokens, draft_accepted_tokens, prompt_tps, gen_tps,
    has_capture, error_msg, ended_at, stated_at, prompt_tokens, prompt_counts, dispatch_id, is_dispatch_told)
  SELECT
    "providerId", "entryId", ts, model, source, "reqPath", "respContentType", "statusCode", "durationMs",
    "cacheTokens", "inputTokens", "outputTokens", "draftTokens", "draftAcceptedTokens", "promptTps", "genTps",
    "hasCapture", "errorMsg", "endedAt", at, "promptTokens", "promptCounts", "dispatchId", "isDispatchTold"
  FROM json_to_recordset($1::json) AS r (
    "providerId" text, "entryId" bigint, ts timestamptz, model text, source text, "reqPath" text,
    "respContentType" text, "statusCode" smallint, "durationMs" double precision, "cacheTokens" bigint,
    "inputTokens" bigint, "outputTokens" bigint, "draftTokens" bigint, "draftAcceptedTokens" bigint,
    "promptTps" double precision, "genTps" double precision, "hasCapture" boolean, "errorMsg" text,
    "endedAt" timestamptz, at timestamptz, "promptTokens" bigint, "promptCounts" text,
    "dispatchId" uuid, "isDispatchTold" boolean)
  ON CONFLICT DO NOTHING`;

const INSERT_MODEL_EVENTS = `
  INSERT INTO fleet.model_events (provider_id, model, state, ts, detail, seq)
  SELECT "providerId", model, state, ts + "shiftUs" * INTERVAL '1 microsecond', detail, seq
  FROM json_to_recordset($1::json) AS r (
    "providerId" text, model text, state text, ts timestamptz, "shiftUs" int, detail jsonb, seq bigint)
  ORDER BY "providerId", ts, model, state
  ON CONFLICT DO NOTHING`;

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
const byKey = (a: Request, b: Request): number =>
  compare(a.providerId, b.providerId) || compare(a.ts, b.ts) || compare(a.entryId, b.entryId);

/** Each resolves to the number of rows that were not there yet. Call inside the batch's transaction. */
export const insertRequests = (tx: EntityManager, rows: readonly Request[]): Promise<number> =>
  insert(
    tx,
    INSERT_REQUESTS,
    rows
      .toSorted(byKey)
      .map((row) => ({ ...row, ...toldPrompt(row), isDispatchTold: row.dispatchId !== undefined })),
  );
export const insertModelEvents = (tx: EntityManager, rows: readonly ModelEventRow[]): Promise<number> =>
  insert(tx, INSERT_MODEL_EVENTS, rows);

async function insert(tx: EntityManager, sql: string, rows: readonly object[]): Promise<number> {
  if (rows.length === 0) return 0;
  // Not tx.query(): of an INSERT that gives the rows alone, without their number.
  const { affected } = (await tx.queryRunner?.query(sql, [jsonRows(rows)], true)) ?? {};
  return affected ?? 0;
}
