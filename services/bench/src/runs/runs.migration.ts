import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Runs, their cells, and every request of those. A cell and its samples are written in one transaction, when it is whole.
 * What a list of runs shows of its cells stands in the run itself: cells_done, contaminated, polluted, headline.
 */
export class Runs1764000100000 implements MigrationInterface {
  readonly name = 'Runs1764000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bench.runs (
        id              uuid        PRIMARY KEY,
        launch          uuid        NOT NULL,
        version         int         NOT NULL,
        kind            text        NOT NULL,
        suite_name      text        NOT NULL,
        suite_hash      text        NOT NULL,
        suite           jsonb       NOT NULL,
        provider_id     text        NOT NULL,
        model           text        NOT NULL,
        state           text        NOT NULL,
        reason          jsonb,
        source          text        NOT NULL,
        confirmed       boolean     NOT NULL,
        schedule_id     uuid,
        seed            bigint      NOT NULL,
        created_at      timestamptz NOT NULL,
        queued_at       timestamptz NOT NULL,
        started_at      timestamptz,
        ended_at        timestamptz,
        cells_total     int,
        cells_done      int         NOT NULL DEFAULT 0,
        contaminated    int         NOT NULL DEFAULT 0,
        polluted        int         NOT NULL DEFAULT 0,
        headline        jsonb       NOT NULL DEFAULT '{}',
        fingerprint     jsonb,
        fingerprint_key text,
        calibration     jsonb,
        load_ms         float8,
        regressed       int,
        cancelled_by    text,
        rerun           boolean     NOT NULL DEFAULT false,
        facts_told      int         NOT NULL DEFAULT 0,
        spent_ms        float8      NOT NULL DEFAULT 0,
        spent_errors    int         NOT NULL DEFAULT 0,
        takeovers       int         NOT NULL DEFAULT 0,
        lease_id        text,
        worker          text,
        heartbeat_at    timestamptz
      )`);
    await runner.query(`CREATE INDEX runs_open ON bench.runs (queued_at, id) WHERE ended_at IS NULL`);
    await runner.query(
      `CREATE INDEX runs_ended ON bench.runs (ended_at DESC, id DESC) WHERE ended_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX runs_of ON bench.runs (provider_id, model, suite_name, ended_at DESC, id DESC)`,
    );
    await runner.query(`CREATE INDEX runs_alike ON bench.runs (fingerprint_key, ended_at DESC)`);
    await runner.query(`CREATE INDEX runs_lease ON bench.runs (lease_id) WHERE lease_id IS NOT NULL`);
    await runner.query(`
      CREATE TABLE bench.cells (
        run_id         uuid        NOT NULL REFERENCES bench.runs ON DELETE CASCADE,
        index          int         NOT NULL,
        name           text        NOT NULL,
        spec           jsonb       NOT NULL,
        state          text        NOT NULL,
        reason         text,
        attempt        int         NOT NULL DEFAULT 0,
        redo           boolean     NOT NULL DEFAULT false,
        begun_at       timestamptz,
        started_at     timestamptz,
        ended_at       timestamptz,
        measured_from  timestamptz,
        measured_until timestamptz,
        warmups        int         NOT NULL DEFAULT 0,
        requests       jsonb       NOT NULL,
        figures        jsonb       NOT NULL,
        pollution      jsonb       NOT NULL,
        contamination  jsonb       NOT NULL,
        PRIMARY KEY (run_id, index)
      )`);
    await runner.query(`
      CREATE TABLE bench.samples (
        run_id     uuid  NOT NULL,
        cell       int   NOT NULL,
        n          int   NOT NULL,
        sample     jsonb NOT NULL,
        PRIMARY KEY (run_id, cell, n),
        FOREIGN KEY (run_id, cell) REFERENCES bench.cells ON DELETE CASCADE
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE bench.samples`);
    await runner.query(`DROP TABLE bench.cells`);
    await runner.query(`DROP TABLE bench.runs`);
  }
}
