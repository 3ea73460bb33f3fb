import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Runs and their samples. A sample has its row from the moment that its run is queued, so a second attempt at it writes the
 * same row; what a list of runs shows of its samples stands in the run itself: done, outcomes, score, speed, contaminated.
 */
export class Runs1764100100000 implements MigrationInterface {
  readonly name = 'Runs1764100100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE evals.runs (
        id              uuid        PRIMARY KEY,
        launch          uuid        NOT NULL,
        version         int         NOT NULL,
        suite_name      text        NOT NULL,
        suite_hash      text        NOT NULL,
        suite_title     text        NOT NULL,
        category        text        NOT NULL,
        provider_id     text        NOT NULL,
        model           text        NOT NULL,
        state           text        NOT NULL,
        reason          jsonb,
        source          text        NOT NULL,
        confirmed       boolean     NOT NULL,
        created_at      timestamptz NOT NULL,
        queued_at       timestamptz NOT NULL,
        started_at      timestamptz,
        ended_at        timestamptz,
        k               int         NOT NULL,
        is_whole        boolean     NOT NULL,
        sampler         jsonb       NOT NULL,
        concurrency     int         NOT NULL,
        total           int         NOT NULL,
        done            int         NOT NULL DEFAULT 0,
        outcomes        jsonb       NOT NULL DEFAULT '{}',
        contaminated    int         NOT NULL DEFAULT 0,
        score           jsonb,
        speed           jsonb,
        fingerprint     jsonb,
        fingerprint_key text,
        load_ms         float8,
        quant           text,
        cancelled_by    text,
        facts_told      int         NOT NULL DEFAULT 0,
        takeovers       int         NOT NULL DEFAULT 0,
        lease_id        text,
        worker          text,
        heartbeat_at    timestamptz
      )`);
    await runner.query(`CREATE INDEX runs_open ON evals.runs (queued_at, id) WHERE ended_at IS NULL`);
    await runner.query(
      `CREATE INDEX runs_ended ON evals.runs (ended_at DESC, id DESC) WHERE ended_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX runs_of ON evals.runs (provider_id, model, suite_name, ended_at DESC, id DESC)`,
    );
    await runner.query(`CREATE INDEX runs_of_suite ON evals.runs (suite_name, suite_hash)`);
    await runner.query(`CREATE INDEX runs_lease ON evals.runs (lease_id) WHERE lease_id IS NOT NULL`);
    await runner.query(`
      CREATE TABLE evals.samples (
        run_id          uuid    NOT NULL REFERENCES evals.runs ON DELETE CASCADE,
        item            text    NOT NULL,
        sample          int     NOT NULL,
        n               int     NOT NULL,
        kind            text    NOT NULL,
        state           text    NOT NULL DEFAULT 'waiting',
        attempt         int     NOT NULL DEFAULT 0,
        outcome         text,
        reason          jsonb,
        at              timestamptz,
        started_ms      float8,
        ended_ms        float8,
        seed            bigint  NOT NULL,
        sampler         jsonb,
        prompt_hash     text,
        transcript      jsonb,
        is_cut          boolean NOT NULL DEFAULT false,
        prompt_tokens   int,
        output_tokens   int,
        ttft_ms         float8,
        e2e_ms          float8,
        gen_tps         float8,
        finish_reason   text,
        files           jsonb,
        findings        jsonb   NOT NULL DEFAULT '[]',
        output          jsonb,
        contamination   jsonb   NOT NULL DEFAULT '[]',
        regraded        jsonb,
        PRIMARY KEY (run_id, item, sample)
      )`);
    await runner.query(`CREATE UNIQUE INDEX samples_in_order ON evals.samples (run_id, n)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE evals.samples`);
    await runner.query(`DROP TABLE evals.runs`);
  }
}
