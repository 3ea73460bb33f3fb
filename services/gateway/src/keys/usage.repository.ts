import type { RouteFact } from '@boocontrol/contracts';
import type { EntityManager } from 'typeorm';
import type { Usage } from './key-doorkeeper.js';
import { usageOf } from './usage.js';

// A key that was removed meanwhile has no row to be locked, so nothing is counted for it.
const ADD = `
  WITH told AS (
    SELECT * FROM json_to_recordset($1::json) AS r ("keyId" text, month text, tokens bigint, "lastAt" timestamptz)),
  touched AS (
    UPDATE gateway.api_keys AS k SET last_used_at = greatest(k.last_used_at, newest.at)
    FROM (SELECT "keyId", max("lastAt") AS at FROM told GROUP BY "keyId") AS newest
    WHERE k.id::text = newest."keyId" RETURNING k.id)
  INSERT INTO gateway.key_usage AS u (key_id, month, tokens)
  SELECT touched.id, told.month, told.tokens FROM told JOIN touched ON touched.id::text = told."keyId"
  ORDER BY 1, 2
  ON CONFLICT (key_id, month) DO UPDATE SET tokens = u.tokens + excluded.tokens
  RETURNING key_id AS "keyId", month, tokens::float8 AS tokens`;

/**
 * Counts requests to their keys; call it with each request once, in the transaction that writes it.
 * @returns what these keys have used by now
 */
export async function addUsage(tx: EntityManager, facts: readonly RouteFact[]): Promise<Usage[]> {
  const usages = usageOf(facts);
  return usages.length === 0 ? [] : tx.query<Usage[]>(ADD, [JSON.stringify(usages)]);
}
