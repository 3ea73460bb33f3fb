import { jsonRows } from '../db/json-rows.js';
import type { EntityManager } from 'typeorm';

/** A request of ours to the host, warm-ups included. Times are Unix milliseconds by our clock. */
export interface Sent {
  startedMs: number;
  endedMs: number;
  /** null: not known, as of a request that failed. */
  promptTokens: number | null;
  outputTokens: number | null;
}

/** Adds what was sent for one attempt at a cell. */
export async function insertSent(
  manager: EntityManager,
  schema: string,
  { runId, cell, attempt }: { runId: string; cell: number; attempt: number },
  sent: readonly Sent[],
): Promise<void> {
  if (sent.length === 0) return;
  await manager.query(
    `INSERT INTO ${schema}.sent (run_id, cell, attempt, n, started_ms, ended_ms, prompt_tokens, output_tokens)
     SELECT $1, $2, $3, n, "startedMs", "endedMs", "promptTokens", "outputTokens" FROM json_to_recordset($4::json)
       AS row (n int, "startedMs" float8, "endedMs" float8, "promptTokens" int, "outputTokens" int)
     ON CONFLICT DO NOTHING`,
    [runId, cell, attempt, jsonRows(sent.map((one, n) => ({ n, ...one })))],
  );
}
