import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FleetCaptures1763650000002 implements MigrationInterface {
  readonly name = 'FleetCaptures1763650000002';

  async up(runner: QueryRunner): Promise<void> {
    // json, not jsonb: a captured body may hold a NUL, which json keeps as its escape and jsonb refuses.
    await runner.query(`
      CREATE TABLE fleet.captures (
        provider_id   text        NOT NULL,
        swap_entry_id bigint      NOT NULL,
        ts            timestamptz NOT NULL,
        body          json        NOT NULL,
        size_bytes    integer     NOT NULL,
        PRIMARY KEY (provider_id, swap_entry_id, ts)
      )`);
    await runner.query(`CREATE INDEX captures_by_age ON fleet.captures (ts) INCLUDE (size_bytes)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE fleet.captures`);
  }
}
