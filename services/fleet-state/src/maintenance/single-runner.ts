import type { DataSource } from 'typeorm';

const TRY_LOCK = `SELECT pg_try_advisory_lock(hashtextextended('boocontrol.fleet.maintenance', 0)) AS locked`;
const UNLOCK = `SELECT pg_advisory_unlock(hashtextextended('boocontrol.fleet.maintenance', 0))`;

/**
 * Runs the work unless another process is at it; then it resolves to false. The lock belongs to a connection, so it is
 * free as soon as its holder dies. Thrown: what the work throws; the database's absence.
 */
export async function asSingleRunner(source: DataSource, work: () => Promise<void>): Promise<boolean> {
  const holder = source.createQueryRunner();
  try {
    const [answer] = (await holder.query(TRY_LOCK)) as { locked: boolean }[];
    if (answer?.locked !== true) return false;
    try {
      await work();
    } finally {
      await holder.query(UNLOCK);
    }
    return true;
  } finally {
    await holder.release();
  }
}
