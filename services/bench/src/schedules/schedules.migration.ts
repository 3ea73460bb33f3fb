import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that begin by themselves. */
export class Schedules1764000400000 implements MigrationInterface {
  readonly name = 'Schedules1764000400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bench.schedules (
        id         uuid        PRIMARY KEY,
        input      jsonb       NOT NULL,
        next_at    timestamptz,
        last       jsonb,
        created_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX schedules_due ON bench.schedules (next_at) WHERE next_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE bench.schedules`);
  }
}
