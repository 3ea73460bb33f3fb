import type { DataSource } from 'typeorm';

/**
 * Notes the fencing token of a lease that stands, if it is the newest one that the host has seen.
 * @param token `<created>.<revision>`, as the contracts have it
 */
export async function noteToken(db: DataSource, providerId: string, token: string): Promise<void> {
  await db.query(
    `INSERT INTO actions.host_tokens AS seen (provider_id, created_us, revision) VALUES ($1, $2, $3)
     ON CONFLICT (provider_id) DO UPDATE SET created_us = excluded.created_us, revision = excluded.revision
     WHERE (excluded.created_us, excluded.revision) > (seen.created_us, seen.revision)`,
    [providerId, ...token.split('.')],
  );
}

/** The newest fencing token that the host has seen; null: none. */
export async function newestToken(db: DataSource, providerId: string): Promise<string | null> {
  const [row] = await db.query<{ token: string }[]>(
    `SELECT created_us || '.' || revision AS token FROM actions.host_tokens WHERE provider_id = $1`,
    [providerId],
  );
  return row?.token ?? null;
}
