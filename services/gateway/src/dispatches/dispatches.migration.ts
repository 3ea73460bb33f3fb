import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests to /v1 and what became of them. */
export class Dispatches1763760000002 implements MigrationInterface {
  readonly name = 'Dispatches1763760000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE EXTENSION IF NOT EXISTS timescaledb`);
    // policy 'direct': the client named a model; the name is no policy's. providers: the hosts that were asked.
    await runner.query(`
      CREATE TABLE gateway.dispatches (
        id               uuid             NOT NULL,
        at               timestamptz      NOT NULL,
        endpoint         text             NOT NULL,
        asked            text             NOT NULL,
        policy           text             NOT NULL,
        policy_version   bigint,
        source           text             NOT NULL,
        key_id           text,
        providers        text[]           NOT NULL,
        outcome          text             NOT NULL,
        status           smallint         NOT NULL,
        error            jsonb,
        is_stream        boolean          NOT NULL,
        queue_ms         double precision NOT NULL,
        first_byte_ms    double precision,
        first_content_ms double precision,
        duration_ms      double precision NOT NULL,
        request_bytes    bigint           NOT NULL,
        response_bytes   bigint           NOT NULL,
        prompt_tokens    bigint,
        cache_tokens     bigint,
        output_tokens    bigint,
        candidates       jsonb            NOT NULL,
        attempts         jsonb            NOT NULL,
        UNIQUE (id, at)
      )`);
    await runner.query(
      `SELECT create_hypertable('gateway.dispatches', by_range('at', INTERVAL '7 days'), create_default_indexes => false)`,
    );
    await runner.query(`CREATE INDEX dispatches_feed ON gateway.dispatches (at DESC, id DESC)`);
    await runner.query(`CREATE INDEX dispatches_of_policy ON gateway.dispatches (policy, at DESC, id DESC)`);
    await runner.query(
      `CREATE INDEX dispatches_of_outcome ON gateway.dispatches (outcome, at DESC, id DESC)
       WHERE outcome <> 'succeeded'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE gateway.dispatches`);
  }
}
