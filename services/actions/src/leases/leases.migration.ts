import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The history of leases, and the requests of others while a host was held. */
export class Leases1763800200000 implements MigrationInterface {
  readonly name = 'Leases1763800200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE actions.leases (
        id               text        PRIMARY KEY,
        version          int         NOT NULL,
        provider_id      text        NOT NULL,
        holder           text        NOT NULL,
        purpose          text        NOT NULL,
        source           text        NOT NULL,
        since            timestamptz NOT NULL,
        expected_until   timestamptz,
        heard_at         timestamptz NOT NULL,
        ended_at         timestamptz,
        end_kind         text,
        ended_by         text,
        token_created_us bigint      NOT NULL,
        token_revision   bigint      NOT NULL,
        foreign_counted  int         NOT NULL DEFAULT 0,
        foreign_told     int         NOT NULL DEFAULT 0,
        foreign_told_at  timestamptz
      )`);
    await runner.query(
      `CREATE INDEX leases_held ON actions.leases (provider_id, since) WHERE ended_at IS NULL`,
    );
    await runner.query(
      `CREATE INDEX leases_ended_of ON actions.leases (provider_id, ended_at DESC, id DESC) WHERE ended_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX leases_ended ON actions.leases (ended_at DESC, id DESC) WHERE ended_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX leases_to_tell ON actions.leases (id) WHERE foreign_told < foreign_counted`,
    );
    await runner.query(`
      CREATE TABLE actions.foreign_requests (
        lease_id text        NOT NULL REFERENCES actions.leases ON DELETE CASCADE,
        entry_id bigint      NOT NULL,
        ts       timestamptz NOT NULL,
        PRIMARY KEY (lease_id, entry_id, ts)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE actions.foreign_requests`);
    await runner.query(`DROP TABLE actions.leases`);
  }
}
