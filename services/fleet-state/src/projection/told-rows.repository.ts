import type { EntityManager } from 'typeorm';
import type { RowSpan } from './new-rows.js';

// A body that came after its row tells what the row's fact could not.
const TELL = `
  UPDATE fleet.requests r SET is_dispatch_told = true, dispatch_id = told.id
  FROM (
    SELECT c.provider_id, c.swap_entry_id, c.ts, (
      SELECT lower(trim(value))::uuid FROM json_each_text(c.body::json -> 'reqHeaders')
      WHERE lower(key) = 'x-boo-request-id'
        AND trim(value) ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
      LIMIT 1) AS id
    FROM fleet.requests u
    JOIN fleet.captures c USING (provider_id, swap_entry_id, ts)
    WHERE u.provider_id = $1 AND NOT u.is_dispatch_told AND u.has_capture
      AND c.body::json ->> 'reqHeaders' <> '{}'
      AND u.ended_at BETWEEN to_timestamp($2::float8 / 1000) AND to_timestamp($3::float8 / 1000)) AS told
  WHERE r.provider_id = told.provider_id AND r.swap_entry_id = told.swap_entry_id AND r.ts = told.ts`;

/** Rows that ended in the time learn from their stored captures which request to /v1 they are of. */
export async function tellFromCaptures(
  tx: EntityManager,
  providerId: string,
  { fromMs, toMs }: RowSpan,
): Promise<void> {
  await tx.query(TELL, [providerId, fromMs, toMs]);
}
