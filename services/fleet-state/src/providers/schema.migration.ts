import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FleetHosts1763650000003 implements MigrationInterface {
  readonly name = 'FleetHosts1763650000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE fleet.hosts (
        provider_id  text        PRIMARY KEY,
        kind         text        NOT NULL,
        base_url     text        NOT NULL,
        label        text        NOT NULL,
        os           text,
        gpu_label    text,
        ssh_host     text,
        ssh_user     text,
        ssh_key_path text,
        config_path  text,
        restart_cmd  text,
        enabled      boolean     NOT NULL,
        tags         text[]      NOT NULL,
        api_key_env  text,
        origin       text        NOT NULL,
        config       jsonb       NOT NULL,
        removed_at   timestamptz
      )`);
    // Which bucket fleet.hosts mirrors, and how far: another one, or one that went back, means that the bus was wiped.
    await runner.query(`
      CREATE TABLE fleet.providers_bucket (
        is_only  boolean PRIMARY KEY DEFAULT true CHECK (is_only),
        created  text    NOT NULL,
        revision bigint  NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE fleet.providers_bucket`);
    await runner.query(`DROP TABLE fleet.hosts`);
  }
}
