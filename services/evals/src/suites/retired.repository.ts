import type { EvalSuiteDetail } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';

export type Retired = EvalSuiteDetail['retired'][number];

/** What was retired of a version, by the names of items. */
export function retiredOf(db: DataSource | EntityManager, name: string, hash: string): Promise<Retired[]> {
  return db.query<Retired[]>(
    `SELECT item, reason, by, ${instantSql('at')} AS at FROM evals.retired
     WHERE name = $1 AND hash = $2 ORDER BY item COLLATE "C"`,
    [name, hash],
  );
}

export async function retireItem(
  manager: EntityManager,
  name: string,
  hash: string,
  { item, reason, by }: Omit<Retired, 'at'>,
): Promise<void> {
  await manager.query(
    `INSERT INTO evals.retired (name, hash, item, reason, by, at) VALUES ($1, $2, $3, $4, $5, clock_timestamp())
     ON CONFLICT (name, hash, item) DO UPDATE SET reason = $4, by = $5, at = clock_timestamp()`,
    [name, hash, item, reason, by],
  );
}

export async function unretireItem(
  manager: EntityManager,
  name: string,
  hash: string,
  item: string,
): Promise<void> {
  await manager.query(`DELETE FROM evals.retired WHERE name = $1 AND hash = $2 AND item = $3`, [
    name,
    hash,
    item,
  ]);
}

/** What was retired of a version stays so in the next one, of these items. */
export async function inheritRetired(
  manager: EntityManager,
  name: string,
  { from, to, items }: { from: string; to: string; items: readonly string[] },
): Promise<void> {
  await manager.query(
    `INSERT INTO evals.retired (name, hash, item, reason, by, at)
     SELECT name, $3, item, reason, by, at FROM evals.retired WHERE name = $1 AND hash = $2 AND item = ANY($4)
     ON CONFLICT DO NOTHING`,
    [name, from, to, items],
  );
}
