import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How long each prompt was, as its fact told it. Older rows keep NULL and are read by the rule in `prompt-sql.ts`: writing
 * them all again would take long, and this runs while the service starts.
 */
export class FleetPrompts1763650000007 implements MigrationInterface {
  readonly name = 'FleetPrompts1763650000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE fleet.requests ADD COLUMN prompt_tokens bigint, ADD COLUMN prompt_counts text`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE fleet.requests DROP COLUMN prompt_tokens, DROP COLUMN prompt_counts`);
  }
}
