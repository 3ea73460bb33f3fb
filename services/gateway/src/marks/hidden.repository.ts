import type { Hidden } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';

interface Row {
  provider_id: string;
  model: string;
  hidden_at: string;
}

/** What the table has in place of a model where the host itself is hidden. */
const HOST = '';
const COLUMNS = `provider_id, model, ${instantSql('hidden_at')} AS hidden_at`;

/** Oldest first. */
export async function listHidden(db: DataSource): Promise<Hidden[]> {
  const rows: Row[] = await db.query(
    `SELECT ${COLUMNS} FROM gateway.hidden ORDER BY gateway.hidden.hidden_at, provider_id, model`,
  );
  return rows.map(({ provider_id, model, hidden_at }) => ({
    providerId: provider_id,
    model: model === HOST ? null : model,
    hiddenAt: hidden_at,
  }));
}

/** Hiding again changes nothing, also when two do it at once. @param model null: the host itself */
export async function hide(db: DataSource, providerId: string, model: string | null): Promise<void> {
  await db.query(`INSERT INTO gateway.hidden (provider_id, model) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
    providerId,
    model ?? HOST,
  ]);
}

/** Showing what is not hidden changes nothing. @param model null: the host itself */
export async function show(db: DataSource, providerId: string, model: string | null): Promise<void> {
  await db.query(`DELETE FROM gateway.hidden WHERE provider_id = $1 AND model = $2`, [
    providerId,
    model ?? HOST,
  ]);
}
