import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What of which stream the tables hold: written with the rows, so that a copy of the database knows where it stands. */
export class FleetProjections1763650000005 implements MigrationInterface {
  readonly name = 'FleetProjections1763650000005';

  async up(runner: QueryRunner): Promise<void> {
    // held: sequences whose rows are here (replicas write out of order, so there may be holes); its first range has no
    // lower end. message_at: when the stream took the newest message below the first hole, or one before it.
    await runner.query(`
      CREATE TABLE fleet.projections (
        name           text           PRIMARY KEY,
        stream         text           NOT NULL,
        stream_created text           NOT NULL,
        held           int8multirange NOT NULL,
        message_at     timestamptz    NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE fleet.projections`);
  }
}
