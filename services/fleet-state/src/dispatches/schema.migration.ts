import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Attempts of requests to /v1, and which row of fleet.requests each is. The join is kept with the attempt: its key and the
 * unique constraint make it one to one, which a hypertable could not promise.
 */
export class FleetDispatches1763650000009 implements MigrationInterface {
  readonly name = 'FleetDispatches1763650000009';

  async up(runner: QueryRunner): Promise<void> {
    // dispatch_id: by the request's own captured headers. is_dispatch_told: whether those are known, so that nothing has to
    // be guessed; NULL in rows of before, which belong to no attempt that is known here.
    await runner.query(
      `ALTER TABLE fleet.requests ADD COLUMN dispatch_id uuid, ADD COLUMN is_dispatch_told boolean`,
    );
    await runner.query(
      `CREATE INDEX requests_of_dispatch ON fleet.requests (dispatch_id) WHERE dispatch_id IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX requests_to_join ON fleet.requests (provider_id, ended_at) WHERE is_dispatch_told IS NOT NULL`,
    );
    // attempt: from 1, of `attempts`. row_…: which row it is, NULL while it has none; joined: how that is known.
    await runner.query(`
      CREATE TABLE fleet.dispatch_attempts (
        dispatch_id   uuid        NOT NULL,
        attempt       smallint    NOT NULL,
        attempts      smallint    NOT NULL,
        provider_id   text        NOT NULL,
        model         text        NOT NULL,
        req_path      text        NOT NULL,
        source        text        NOT NULL,
        outcome       text        NOT NULL,
        status        smallint,
        started_at    timestamptz NOT NULL,
        ended_at      timestamptz NOT NULL,
        prompt_tokens bigint,
        output_tokens bigint,
        row_entry_id  bigint,
        row_ts        timestamptz,
        joined        text,
        PRIMARY KEY (dispatch_id, attempt),
        UNIQUE (provider_id, row_entry_id, row_ts),
        CHECK (num_nulls(row_entry_id, row_ts, joined) IN (0, 3))
      )`);
    await runner.query(
      `CREATE INDEX dispatch_attempts_of_host ON fleet.dispatch_attempts (provider_id, ended_at)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE fleet.dispatch_attempts`);
    await runner.query(`ALTER TABLE fleet.requests DROP COLUMN dispatch_id, DROP COLUMN is_dispatch_told`);
  }
}
