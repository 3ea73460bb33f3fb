import type { Capture } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { EntityManager } from 'typeorm';
import { raiseWatermark } from '../maintenance/watermarks.repository.js';
import type { CaptureReading } from './read-captures.js';

const INSERT = `
  WITH inserted AS (
    INSERT INTO fleet.captures (provider_id, swap_entry_id, ts, body, size_bytes, prompt_text, answer_text, words)
    SELECT provider_id, entry_id, ts, body::json, octet_length(body), prompt_text, answer_text, words::tsvector
    FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])
      AS r (provider_id, entry_id, ts, body, prompt_text, answer_text, words)
    ORDER BY provider_id, entry_id, ts
    ON CONFLICT DO NOTHING
    RETURNING 1
  )
  SELECT count(*)::int AS inserted FROM inserted`;

// What another process has in hand is left to it, so that nobody waits for anybody.
const UNREAD = `
  SELECT body FROM fleet.captures WHERE words IS NULL ORDER BY ts DESC LIMIT $1 FOR UPDATE SKIP LOCKED`;

const STORE_READING = `
  UPDATE fleet.captures c
  SET prompt_text = r.prompt_text, answer_text = r.answer_text, words = r.words::tsvector
  FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[])
    AS r (provider_id, entry_id, ts, prompt_text, answer_text, words)
  WHERE c.provider_id = r.provider_id AND c.swap_entry_id = r.entry_id AND c.ts = r.ts`;

const UNTOLD = `
  SELECT r.provider_id AS "providerId",
    (extract(epoch FROM r.ended_at) * 1000)::float8 - r.duration_ms AS "fromMs",
    (extract(epoch FROM r.ended_at) * 1000)::float8 AS "toMs"
  FROM unnest($1::text[], $2::bigint[], $3::timestamptz[]) AS c (provider_id, swap_entry_id, ts)
  JOIN fleet.requests r USING (provider_id, swap_entry_id, ts)
  WHERE NOT r.is_dispatch_told`;

const TOTAL_BYTES = `SELECT coalesce(sum(size_bytes), 0)::float8 AS bytes FROM fleet.captures`;

// Newest first until the budget is full; what comes after goes.
const PRUNE = `
  WITH ranked AS (
    SELECT provider_id, swap_entry_id, ts,
      sum(size_bytes) OVER (ORDER BY ts DESC, provider_id DESC, swap_entry_id DESC) AS bytes_so_far
    FROM fleet.captures
  ), pruned AS (
    DELETE FROM fleet.captures c USING ranked r
    WHERE r.bytes_so_far > $1
      AND c.provider_id = r.provider_id AND c.swap_entry_id = r.swap_entry_id AND c.ts = r.ts
    RETURNING c.ts
  )
  SELECT count(*)::int AS pruned, ${instantSql('max(ts)')} AS newest FROM pruned`;

/** Resolves to the number of captures that were not there yet. Call inside the batch's transaction. */
export async function insertCaptures(
  tx: EntityManager,
  captures: readonly Capture[],
  readings: readonly CaptureReading[],
): Promise<number> {
  if (captures.length === 0) return 0;
  const [answer] = await tx.query<{ inserted: number }[]>(INSERT, [
    ...keyColumns(captures),
    captures.map((capture) => JSON.stringify(capture)),
    ...readingColumns(readings),
  ]);
  return answer?.inserted ?? 0;
}

/** The newest captures that nobody has read for the search. Until the end of the transaction nobody else gets them. */
export async function unreadCaptures(tx: EntityManager, limit: number): Promise<Capture[]> {
  const rows = await tx.query<{ body: Capture }[]>(UNREAD, [limit]);
  return rows.map(({ body }) => body);
}

export async function storeReadings(
  tx: EntityManager,
  captures: readonly Capture[],
  readings: readonly CaptureReading[],
): Promise<void> {
  await tx.query(STORE_READING, [...keyColumns(captures), ...readingColumns(readings)]);
}

const keyColumns = (captures: readonly Pick<Capture, 'providerId' | 'entryId' | 'ts'>[]): unknown[] => [
  captures.map(({ providerId }) => providerId),
  captures.map(({ entryId }) => entryId),
  captures.map(({ ts }) => ts),
];
const readingColumns = (readings: readonly CaptureReading[]): unknown[] => [
  readings.map(({ prompt }) => prompt),
  readings.map(({ answer }) => answer),
  readings.map(({ words }) => words),
];

/** When the rows of these captures were, of those whose facts did not know the headers. */
export function untoldRows(
  tx: EntityManager,
  captures: readonly Pick<Capture, 'providerId' | 'entryId' | 'ts'>[],
): Promise<{ providerId: string; fromMs: number; toMs: number }[]> {
  return tx.query(UNTOLD, keyColumns(captures));
}

/** Deletes the oldest captures until the rest fits; resolves to how many went. The watermark tells later that they were here. */
export async function pruneCaptures(tx: EntityManager, budgetBytes: number): Promise<number> {
  const [total] = await tx.query<{ bytes: number }[]>(TOTAL_BYTES);
  if ((total?.bytes ?? 0) <= budgetBytes) return 0;
  const [answer] = await tx.query<{ pruned: number; newest: string | null }[]>(PRUNE, [budgetBytes]);
  if (!answer?.newest) return 0;
  await raiseWatermark(tx, 'captures_pruned', answer.newest);
  return answer.pruned;
}
