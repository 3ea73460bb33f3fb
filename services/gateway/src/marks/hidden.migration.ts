import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hosts and models that people took out of lists and pickers. */
export class Hidden1763746000000 implements MigrationInterface {
  readonly name = 'Hidden1763746000000';

  async up(runner: QueryRunner): Promise<void> {
    // model '': the host itself; no model has an empty id.
    await runner.query(`
      CREATE TABLE gateway.hidden (
        provider_id text        NOT NULL,
        model       text        NOT NULL,
        hidden_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (provider_id, model)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE gateway.hidden`);
  }
}
