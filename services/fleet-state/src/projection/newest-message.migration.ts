import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What identifies the newest message that the tables hold: a log that lost its tail and grew again has another under its sequence. */
export class FleetNewestMessage1763650000006 implements MigrationInterface {
  readonly name = 'FleetNewestMessage1763650000006';

  async up(runner: QueryRunner): Promise<void> {
    // newest_at: when the stream took it, to the millisecond. NULL in rows of older versions: nothing is compared.
    await runner.query(`ALTER TABLE fleet.projections ADD newest_seq bigint, ADD newest_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE fleet.projections DROP newest_seq, DROP newest_at`);
  }
}
