import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Baselines that somebody has set. */
export class Baselines1764000300000 implements MigrationInterface {
  readonly name = 'Baselines1764000300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bench.baselines (
        suite_name  text        NOT NULL,
        provider_id text        NOT NULL,
        model       text        NOT NULL,
        fingerprint jsonb       NOT NULL,
        run_id      uuid        NOT NULL REFERENCES bench.runs,
        set_by      text        NOT NULL,
        set_at      timestamptz NOT NULL,
        PRIMARY KEY (suite_name, provider_id, model)
      )`);
    await runner.query(`CREATE INDEX baselines_run ON bench.baselines (run_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE bench.baselines`);
  }
}
