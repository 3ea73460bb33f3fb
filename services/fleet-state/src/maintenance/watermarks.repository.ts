import type { EntityManager } from 'typeorm';

/**
 * How far back a table has been cut, or may lack rows:
 * - `raw_deleted`: performance samples before it may be gone, so rollups before it are final;
 * - `captures_pruned`: the newest capture that went for the budget;
 * - `captures_lost`: captures up to it that are not here will not come, because a database was put back.
 */
export type Watermark = 'raw_deleted' | 'captures_pruned' | 'captures_lost';

/**
 * The one writer of fleet.watermarks: a mark only rises.
 * @param ts an Instant, or `now` for the moment of the transaction
 */
export async function raiseWatermark(tx: EntityManager, name: Watermark, ts: string): Promise<void> {
  await tx.query(
    `INSERT INTO fleet.watermarks (name, ts) VALUES ($1, $2::timestamptz)
     ON CONFLICT (name) DO UPDATE SET ts = greatest(watermarks.ts, EXCLUDED.ts)`,
    [name, ts],
  );
}
