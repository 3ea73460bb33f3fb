import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests, model events and what they hang on. Columns beyond docs' tables are ours and may change. */
export class FleetHistory1763650000000 implements MigrationInterface {
  readonly name = 'FleetHistory1763650000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE EXTENSION IF NOT EXISTS timescaledb`);
    await runner.query(`
      CREATE TABLE fleet.requests (
        provider_id           text             NOT NULL,
        swap_entry_id         bigint           NOT NULL,
        ts                    timestamptz      NOT NULL,
        model                 text             NOT NULL,
        source                text             NOT NULL,
        req_path              text             NOT NULL,
        resp_content_type     text,
        status_code           smallint         NOT NULL,
        duration_ms           double precision NOT NULL,
        cache_tokens          bigint,
        input_tokens          bigint,
        output_tokens         bigint,
        draft_tokens          bigint,
        draft_accepted_tokens bigint,
        prompt_tps            double precision,
        gen_tps               double precision,
        has_capture           boolean          NOT NULL,
        error_msg             text,
        ended_at              timestamptz      NOT NULL,
        stated_at             timestamptz      NOT NULL,
        UNIQUE (provider_id, swap_entry_id, ts)
      )`);
    await runner.query(
      `SELECT create_hypertable('fleet.requests', by_range('ts', INTERVAL '7 days'), create_default_indexes => false)`,
    );
    // The feed's order; the others serve a feed narrowed to one host, model or consumer.
    await runner.query(
      `CREATE INDEX requests_feed ON fleet.requests (ts DESC, provider_id DESC, swap_entry_id DESC)`,
    );
    await runner.query(`CREATE INDEX requests_of_provider ON fleet.requests (provider_id, ts DESC)`);
    await runner.query(`CREATE INDEX requests_of_model ON fleet.requests (model, ts DESC)`);
    await runner.query(`CREATE INDEX requests_of_source ON fleet.requests (source, ts DESC)`);

    // seq: place in the log; orders events of the same microsecond.
    await runner.query(`
      CREATE TABLE fleet.model_events (
        provider_id text        NOT NULL,
        model       text        NOT NULL,
        state       text        NOT NULL,
        ts          timestamptz NOT NULL,
        detail      jsonb       NOT NULL,
        seq         bigint      NOT NULL,
        UNIQUE (provider_id, model, state, ts)
      )`);
    await runner.query(
      `SELECT create_hypertable('fleet.model_events', by_range('ts', INTERVAL '7 days'), create_default_indexes => false)`,
    );
    await runner.query(`CREATE INDEX model_events_feed ON fleet.model_events (ts DESC, seq DESC)`);
    await runner.query(
      `CREATE INDEX model_events_of_model ON fleet.model_events (provider_id, model, ts DESC, seq DESC)`,
    );
    await runner.query(
      `CREATE INDEX model_events_of_hosts ON fleet.model_events (provider_id, ts) WHERE model = '*'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE fleet.model_events`);
    await runner.query(`DROP TABLE fleet.requests`);
  }
}
