import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Actions, and the newest fencing token that each host has seen. */
export class Actions1763800100000 implements MigrationInterface {
  readonly name = 'Actions1763800100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE actions.actions (
        id              uuid        PRIMARY KEY,
        version         int         NOT NULL,
        provider_id     text        NOT NULL,
        kind            text        NOT NULL,
        model           text,
        profile         text,
        inflight_id     text,
        state           text        NOT NULL,
        source          text        NOT NULL,
        confirmed       boolean     NOT NULL,
        turn            bigint,
        created_at      timestamptz NOT NULL,
        started_at      timestamptz,
        ended_at        timestamptz,
        progress        jsonb,
        reason          jsonb,
        queue_seq       bigint,
        worker          text,
        heartbeat_at    timestamptz,
        idempotency_key text        UNIQUE,
        request_hash    text        NOT NULL,
        fencing_token   text
      )`);
    await runner.query(
      `CREATE INDEX actions_open ON actions.actions (provider_id, turn) WHERE ended_at IS NULL`,
    );
    await runner.query(
      `CREATE INDEX actions_ended_of ON actions.actions (provider_id, ended_at DESC, id DESC) WHERE ended_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX actions_ended ON actions.actions (ended_at DESC, id DESC) WHERE ended_at IS NOT NULL`,
    );
    await runner.query(`
      CREATE TABLE actions.host_tokens (
        provider_id text   PRIMARY KEY,
        created_us  bigint NOT NULL,
        revision    bigint NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE actions.host_tokens`);
    await runner.query(`DROP TABLE actions.actions`);
  }
}
