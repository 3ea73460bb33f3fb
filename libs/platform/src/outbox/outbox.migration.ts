import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Facts that were committed with what they tell of, on their way to the log. */
export class Outbox1763800000000 implements MigrationInterface {
  readonly name = 'Outbox1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE actions.outbox (
        id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        subject text  NOT NULL,
        msg_id  text  NOT NULL UNIQUE,
        body    jsonb NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE actions.outbox`);
  }
}
