import type { DataSource } from 'typeorm';

const TRY_LOCK = `SELECT pg_try_advisory_lock(hashtextextended('boocontrol.fleet.maintenance', 0)) AS locked`;
const UNLOCK = `SELECT pg_advisory_unlock(hashtextextended('boocontrol.fleet.maintenance', 0))`;

/**
 * Runs the work and resolves to its result; null, without running it, when another process is at it. The lock belongs to a connection, so it is
 * free as soon as its holder dies. Thrown: what the work throws; the database's absence.
 */
export async function asSingleRunner<T>(source: DataSource, work: () => Promise<T>): Promise<T | null> {
  const holder = source.createQueryRunner();
  try {
    const [answer] = (await holder.query(TRY_LOCK)) as { locked: boolean }[];
    if (answer?.locked !== true) return null;
    try {
      return await work();
    } finally {
      await holder.query(UNLOCK);
    }
  } finally {
    await holder.release();
  }
}
