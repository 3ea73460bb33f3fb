import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Favorites1763650100001 implements MigrationInterface {
  readonly name = 'Favorites1763650100001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE gateway.favorites (
        provider_id text        NOT NULL,
        model       text        NOT NULL,
        created_at  timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (provider_id, model)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE gateway.favorites`);
  }
}
