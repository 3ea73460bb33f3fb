import type { DataSource } from 'typeorm';

/**
 * Notes the newest fencing token that a host has seen.
 * @param token `<created>.<revision>`, as the contracts have it
 * @returns false: the host has seen a newer one
 */
export async function noteToken(db: DataSource, providerId: string, token: string): Promise<boolean> {
  const [created, revision] = token.split('.');
  const [row] = await db.query<{ isNewest: boolean }[]>(
    `INSERT INTO actions.host_tokens AS seen (provider_id, created_us, revision) VALUES ($1, $2, $3)
     ON CONFLICT (provider_id) DO UPDATE SET
       (created_us, revision) = (SELECT * FROM (VALUES (seen.created_us, seen.revision), ($2::bigint, $3::bigint)) AS both_of
                                 ORDER BY 1 DESC, 2 DESC LIMIT 1)
     RETURNING created_us = $2 AND revision = $3 AS "isNewest"`,
    [providerId, created, revision],
  );
  return row?.isNewest === true;
}
