import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Suites, one row for each of their versions. */
export class Suites1764000000000 implements MigrationInterface {
  readonly name = 'Suites1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bench.suites (
        name       text        NOT NULL,
        version    int         NOT NULL,
        hash       text        NOT NULL,
        origin     text        NOT NULL,
        suite      jsonb       NOT NULL,
        created_at timestamptz NOT NULL,
        removed_at timestamptz,
        PRIMARY KEY (name, version)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE bench.suites`);
  }
}
