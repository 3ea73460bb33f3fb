import type { MigrationInterface, QueryRunner } from 'typeorm';
import { outboxTable } from './outbox.repository.js';

/**
 * Makes the table of a service's outbox: facts that were committed with what they tell of, on their way to the log.
 * @param timestamp of the migration, as TypeORM orders them, in milliseconds; never another one for the same schema
 * @throws {Error} when the schema is no plain name, or the timestamp has not 13 digits
 */
export function outboxMigration(schema: string, timestamp: number): new () => MigrationInterface {
  const table = outboxTable(schema);
  if (!/^\d{13}$/.test(String(timestamp))) throw new Error(`${timestamp} is no timestamp of a migration`);
  return class implements MigrationInterface {
    readonly name = `Outbox${timestamp}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(`
        CREATE TABLE ${table} (
          id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          subject text  NOT NULL,
          msg_id  text  NOT NULL UNIQUE,
          body    jsonb NOT NULL
        )`);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`DROP TABLE ${table}`);
    }
  };
}
