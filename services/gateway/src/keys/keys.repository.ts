import type { ApiKey, ApiKeyInput, ApiKeyPatch } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import type { KeptKey } from './key-doorkeeper.js';

const MONTH = `to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM')`;

const KEY = `
  json_build_object(
    'id', k.id, 'name', k.name, 'label', k.label, 'createdAt', ${instantSql('k.created_at')},
    'expiresAt', ${instantSql('k.expires_at')}, 'models', k.models, 'policies', k.policies,
    'requestsPerMinute', k.requests_per_minute, 'tokensPerMinute', k.tokens_per_minute,
    'concurrentRequests', k.concurrent_requests, 'monthlyTokens', k.monthly_tokens, 'frontier', k.frontier,
    'disabledAt', ${instantSql('k.disabled_at')}, 'lastUsedAt', ${instantSql('k.last_used_at')},
    'tokensThisMonth', coalesce(
      (SELECT u.tokens FROM gateway.key_usage u WHERE u.key_id = k.id AND u.month = ${MONTH}), 0)) AS key`;

/** Oldest first. */
export async function listKeys(db: DataSource): Promise<ApiKey[]> {
  const rows = await db.query<{ key: ApiKey }[]>(
    `SELECT ${KEY} FROM gateway.api_keys k ORDER BY k.created_at, k.id`,
  );
  return rows.map(({ key }) => key);
}

/** All keys with their hashes, and the month that `tokensThisMonth` is of. */
export async function readKeptKeys(db: DataSource): Promise<{ keys: KeptKey[]; month: string }> {
  const rows = await db.query<{ month: string; key: ApiKey | null; hash: Buffer }[]>(
    `SELECT now.month, k.hash, CASE WHEN k.id IS NOT NULL THEN ${KEY.replace(/ AS key$/, '')} END AS key
     FROM (SELECT ${MONTH} AS month) AS now LEFT JOIN gateway.api_keys k ON true`,
  );
  const keys = rows.flatMap(({ key, hash }) => (key === null ? [] : [{ ...key, hash }]));
  return { keys, month: rows[0]?.month ?? '' };
}

/** @param hash SHA-256 of the key */
export async function insertKey(db: DataSource, input: ApiKeyInput, hash: Buffer): Promise<ApiKey> {
  const [row] = await db.query<{ key: ApiKey }[]>(
    `INSERT INTO gateway.api_keys AS k (
       hash, name, label, expires_at, models, policies, requests_per_minute, tokens_per_minute, concurrent_requests,
       monthly_tokens, frontier)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING ${KEY}`,
    [
      hash,
      input.name,
      input.label,
      input.expiresAt,
      input.models,
      input.policies,
      input.requestsPerMinute,
      input.tokensPerMinute,
      input.concurrentRequests,
      input.monthlyTokens,
      input.frontier,
    ],
  );
  if (row === undefined) throw new Error('PostgreSQL gave no row back for a new key');
  return row.key;
}

const COLUMN_OF = {
  name: 'name',
  label: 'label',
  expiresAt: 'expires_at',
  models: 'models',
  policies: 'policies',
  requestsPerMinute: 'requests_per_minute',
  tokensPerMinute: 'tokens_per_minute',
  concurrentRequests: 'concurrent_requests',
  monthlyTokens: 'monthly_tokens',
  frontier: 'frontier',
} as const satisfies Record<Exclude<keyof ApiKeyPatch, 'isDisabled'>, string>;

/** Fields that the patch does not name stay, and so does the time of a key that is disabled already. null: no such key. */
export async function patchKey(db: DataSource, id: string, patch: ApiKeyPatch): Promise<ApiKey | null> {
  const values: unknown[] = [id];
  const changes = Object.entries(COLUMN_OF).flatMap(([field, column]) => {
    const value = patch[field as keyof typeof COLUMN_OF];
    return value === undefined ? [] : [`${column} = $${values.push(value)}`];
  });
  if (patch.isDisabled === true) changes.push('disabled_at = coalesce(disabled_at, now())');
  if (patch.isDisabled === false) changes.push('disabled_at = NULL');
  const [rows] = await db.query<[{ key: ApiKey }[], number]>(
    `UPDATE gateway.api_keys AS k SET ${['id = id', ...changes].join(', ')} WHERE k.id = $1 RETURNING ${KEY}`,
    values,
  );
  return rows[0]?.key ?? null;
}

/** Resolves to whether there was one. What it used is forgotten with it. */
export async function deleteKey(db: DataSource, id: string): Promise<boolean> {
  const [, count] = await db.query<[unknown, number]>(`DELETE FROM gateway.api_keys WHERE id = $1`, [id]);
  return count > 0;
}
