import type { CacheTotalsQuerySchema, DirectPrompt } from '@boocontrol/contracts';
import { instantSql, jsonRows } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Conditions, type Period } from './period.js';

/** Requests through /v1 and straight to hosts alike, in a FROM. */
export const PROMPTS = `(
  SELECT id, at, source, attempts->-1->>'providerId' AS provider_id, attempts->-1->>'model' AS model,
    prompt_tokens, cache_tokens, session, prefix_hash, prefix_bytes, prefix_segments, prefix_relation,
    NULL::bigint AS swap_entry_id, NULL::timestamptz AS ts
  FROM gateway.dispatches
  UNION ALL
  SELECT id, at, source, provider_id, model,
    prompt_tokens, cache_tokens, session, prefix_hash, prefix_bytes, prefix_segments, prefix_relation,
    swap_entry_id, ts
  FROM gateway.direct_prompts) AS prompts`;

/** Of a request that went straight to a host, its row; NULL: of one through /v1. */
export const ROW_SQL = `CASE WHEN swap_entry_id IS NOT NULL THEN
  jsonb_build_object('row', jsonb_build_object('entryId', swap_entry_id, 'ts', ${instantSql('ts')})) ELSE '{}' END`;

/** The host told both; whoever tells no cached tokens tells nothing of its cache. */
export const TOLD = `prompt_tokens IS NOT NULL AND cache_tokens IS NOT NULL`;

export type Whose = Pick<z.output<typeof CacheTotalsQuerySchema>, 'source' | 'model' | 'providerId'>;

/** Which of PROMPTS. */
export function promptsOf(period: Period, { source, model, providerId }: Whose): Conditions {
  return new Conditions()
    .within(period)
    .add((place) => `source = ${place}`, source)
    .add((place) => `model = ${place}`, model)
    .add((place) => `provider_id = ${place}`, providerId);
}

/** Writes those that are not there yet. */
export async function insertDirectPrompts(db: DataSource, prompts: readonly DirectPrompt[]): Promise<void> {
  // In the order of the key, so that two transactions with the same rows wait for each other.
  await db.query(
    `INSERT INTO gateway.direct_prompts (
       id, at, provider_id, model, source, swap_entry_id, ts, prompt_tokens, cache_tokens,
       session, prefix_hash, prefix_bytes, prefix_segments, prefix_relation)
     SELECT id, at, "providerId", model, source, ("row"->>'entryId')::bigint, ("row"->>'ts')::timestamptz,
       "promptTokens", "cacheTokens", prefix->>'session', prefix->>'hash', (prefix->>'bytes')::bigint,
       (prefix->>'segments')::bigint, prefix->>'relation'
     FROM json_to_recordset($1::json) AS r (
       id uuid, at timestamptz, "providerId" text, model text, source text, "row" jsonb,
       "promptTokens" bigint, "cacheTokens" bigint, prefix jsonb)
     ORDER BY id, at
     ON CONFLICT DO NOTHING`,
    [jsonRows([...prompts])],
  );
}
