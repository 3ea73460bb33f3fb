import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What came of trying the references and wrong solutions of a version of a suite, and who is at it. */
export class Checks1764200100000 implements MigrationInterface {
  readonly name = 'Checks1764200100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE evals.checks (
        name       text        NOT NULL,
        hash       text        NOT NULL,
        total      int         NOT NULL DEFAULT 0,
        tried      int         NOT NULL DEFAULT 0,
        faults     jsonb       NOT NULL DEFAULT '[]',
        left_out   int         NOT NULL DEFAULT 0,
        reason     text,
        worker     uuid,
        claimed_at timestamptz NOT NULL,
        done_at    timestamptz,
        PRIMARY KEY (name, hash)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE evals.checks`);
  }
}
