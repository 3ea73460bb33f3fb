import type { Favorite } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';

interface Row {
  provider_id: string;
  model: string;
  created_at: string;
}

const COLUMNS = `provider_id, model, ${instantSql('created_at')} AS created_at`;

/** Oldest first. */
export async function listFavorites(db: DataSource): Promise<Favorite[]> {
  const rows: Row[] = await db.query(
    `SELECT ${COLUMNS} FROM gateway.favorites ORDER BY created_at, provider_id, model`,
  );
  return rows.map(({ provider_id, model, created_at }) => ({
    providerId: provider_id,
    model,
    createdAt: created_at,
  }));
}

/** Adding again changes nothing, also when two do it at once. */
export async function addFavorite(db: DataSource, providerId: string, model: string): Promise<void> {
  await db.query(
    `INSERT INTO gateway.favorites (provider_id, model) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [providerId, model],
  );
}

/** Removing what is not there changes nothing. */
export async function removeFavorite(db: DataSource, providerId: string, model: string): Promise<void> {
  await db.query(`DELETE FROM gateway.favorites WHERE provider_id = $1 AND model = $2`, [providerId, model]);
}
