import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Declared hosts that people removed; the registry's own mark of it goes with a wiped bus. */
export class RemovedHosts1763735000001 implements MigrationInterface {
  readonly name = 'RemovedHosts1763735000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE gateway.removed_hosts (
        provider_id text        PRIMARY KEY,
        seed_hash   text        NOT NULL,
        removed_at  timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE gateway.removed_hosts`);
  }
}
