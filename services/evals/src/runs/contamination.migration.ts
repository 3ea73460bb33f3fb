import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is needed to tell whether something else happened to a host while its models were asked: what we sent ourselves (a
 * cell is a sample by its place in the run), what the log told of the host meanwhile, and who used which host a moment ago.
 * Times are Unix milliseconds.
 */
export class Contamination1764100200000 implements MigrationInterface {
  readonly name = 'Contamination1764100200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE evals.sent (
        run_id        uuid   NOT NULL REFERENCES evals.runs ON DELETE CASCADE,
        cell          int    NOT NULL,
        attempt       int    NOT NULL,
        n             int    NOT NULL,
        started_ms    float8 NOT NULL,
        ended_ms      float8 NOT NULL,
        prompt_tokens int,
        output_tokens int,
        PRIMARY KEY (run_id, cell, attempt, n)
      )`);
    await runner.query(`
      CREATE TABLE evals.heard (
        run_id     uuid   NOT NULL REFERENCES evals.runs ON DELETE CASCADE,
        key        text   NOT NULL,
        kind       text   NOT NULL,
        started_ms float8 NOT NULL,
        ended_ms   float8 NOT NULL,
        body       jsonb  NOT NULL,
        PRIMARY KEY (run_id, key)
      )`);
    await runner.query(`
      CREATE TABLE evals.traffic (
        provider_id text        NOT NULL,
        source      text        NOT NULL,
        model       text        NOT NULL,
        last_at     timestamptz NOT NULL,
        PRIMARY KEY (provider_id, source, model)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE evals.traffic`);
    await runner.query(`DROP TABLE evals.heard`);
    await runner.query(`DROP TABLE evals.sent`);
  }
}
