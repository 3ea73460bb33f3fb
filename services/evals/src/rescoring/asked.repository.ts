import type { DataSource, EntityManager } from 'typeorm';

/** A version whose runs are to be scored again. */
export interface Asked {
  name: string;
  hash: string;
  /** How often: once more means that an item was retired since it was read. */
  asked: string;
}

/** Scores of runs of this version are others now; to be called in the transaction that makes them so. */
export async function askToRescore(manager: EntityManager, name: string, hash: string): Promise<void> {
  await manager.query(
    `INSERT INTO evals.rescoring (name, hash) VALUES ($1, $2)
     ON CONFLICT (name, hash) DO UPDATE SET asked = rescoring.asked + 1`,
    [name, hash],
  );
}

export function toRescore(db: DataSource): Promise<Asked[]> {
  return db.query<Asked[]>(`SELECT name, hash, asked FROM evals.rescoring`);
}

/** Its runs are scored as they were to be; it stays where that was asked for again meanwhile. */
export async function isRescored(db: DataSource, { name, hash, asked }: Asked): Promise<void> {
  await db.query(`DELETE FROM evals.rescoring WHERE name = $1 AND hash = $2 AND asked = $3`, [
    name,
    hash,
    asked,
  ]);
}
