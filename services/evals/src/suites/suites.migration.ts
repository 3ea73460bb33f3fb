import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Suites, one row for each of their versions, and what was retired of each version. A suite is kept as `json`, as it was
 * written: the order of properties in a JSON Schema is what a model is asked with.
 */
export class Suites1764100050000 implements MigrationInterface {
  readonly name = 'Suites1764100050000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE evals.suites (
        name       text        NOT NULL,
        version    int         NOT NULL,
        hash       text        NOT NULL,
        origin     text        NOT NULL,
        head       json        NOT NULL,
        suite      json        NOT NULL,
        created_at timestamptz NOT NULL,
        removed_at timestamptz,
        PRIMARY KEY (name, version)
      )`);
    await runner.query(`CREATE INDEX suites_by_hash ON evals.suites (name, hash, version DESC)`);
    await runner.query(`
      CREATE TABLE evals.retired (
        name   text        NOT NULL,
        hash   text        NOT NULL,
        item   text        NOT NULL,
        reason text        NOT NULL,
        by     text        NOT NULL,
        at     timestamptz NOT NULL,
        PRIMARY KEY (name, hash, item)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE evals.retired`);
    await runner.query(`DROP TABLE evals.suites`);
  }
}
