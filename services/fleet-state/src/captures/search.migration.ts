import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What captures say, to be searched. Captures of before keep NULL in all three until UnreadCaptures has read them: that takes
 * long, and this runs while the service starts.
 */
export class FleetCaptureSearch1763650000010 implements MigrationInterface {
  readonly name = 'FleetCaptureSearch1763650000010';

  async up(runner: QueryRunner): Promise<void> {
    // words: of answer and prompt, as search-sql.ts makes them. The texts are for showing where they are.
    await runner.query(
      `ALTER TABLE fleet.captures ADD COLUMN words tsvector, ADD COLUMN prompt_text text, ADD COLUMN answer_text text`,
    );
    // What most captures have is known by name to the planner, so that it goes by time instead of by word.
    await runner.query(`ALTER TABLE fleet.captures ALTER COLUMN words SET STATISTICS 1000`);
    await runner.query(`CREATE INDEX captures_words ON fleet.captures USING gin (words)`);
    await runner.query(`CREATE INDEX captures_unread ON fleet.captures (ts) WHERE words IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE fleet.captures DROP COLUMN words, DROP COLUMN prompt_text, DROP COLUMN answer_text`,
    );
  }
}
