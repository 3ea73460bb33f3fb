import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How the prompts of requests begin: hashes and lengths. */
export class DispatchPrefixes1763769600001 implements MigrationInterface {
  readonly name = 'DispatchPrefixes1763769600001';

  async up(runner: QueryRunner): Promise<void> {
    // All of them null where nothing was noted.
    await runner.query(`
      ALTER TABLE gateway.dispatches
        ADD COLUMN session         text,
        ADD COLUMN prefix_hash     text,
        ADD COLUMN prefix_bytes    bigint,
        ADD COLUMN prefix_segments bigint,
        ADD COLUMN prefix_relation text`);
    await runner.query(
      `CREATE INDEX dispatches_of_session ON gateway.dispatches (session, at DESC) WHERE session IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE gateway.dispatches
        DROP COLUMN session, DROP COLUMN prefix_hash, DROP COLUMN prefix_bytes,
        DROP COLUMN prefix_segments, DROP COLUMN prefix_relation`);
  }
}
