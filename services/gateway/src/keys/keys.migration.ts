import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys of clients of /v1, and what they used. */
export class Keys1763760000001 implements MigrationInterface {
  readonly name = 'Keys1763760000001';

  async up(runner: QueryRunner): Promise<void> {
    // hash: SHA-256 of the key, which is nowhere else. Empty lists and null limits: no limit.
    await runner.query(`
      CREATE TABLE gateway.api_keys (
        id                  uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
        hash                bytea       NOT NULL UNIQUE CHECK (length(hash) = 32),
        name                text        NOT NULL,
        label               text        NOT NULL,
        created_at          timestamptz NOT NULL DEFAULT now(),
        expires_at          timestamptz,
        models              text[]      NOT NULL,
        policies            text[]      NOT NULL,
        requests_per_minute bigint,
        tokens_per_minute   bigint,
        concurrent_requests bigint,
        monthly_tokens      bigint,
        frontier            boolean     NOT NULL,
        disabled_at         timestamptz,
        last_used_at        timestamptz
      )`);
    // month: as 2026-11, UTC.
    await runner.query(`
      CREATE TABLE gateway.key_usage (
        key_id uuid   NOT NULL REFERENCES gateway.api_keys ON DELETE CASCADE,
        month  text   NOT NULL,
        tokens bigint NOT NULL,
        PRIMARY KEY (key_id, month)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE gateway.key_usage`);
    await runner.query(`DROP TABLE gateway.api_keys`);
  }
}
