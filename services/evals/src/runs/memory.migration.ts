import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Memory of GPUs that a model needed in a run, in MB, or why that is not known; both null: nobody looked. */
export class Memory1764200000000 implements MigrationInterface {
  readonly name = 'Memory1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE evals.runs ADD COLUMN vram_mb float8, ADD COLUMN vram_reason text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE evals.runs DROP COLUMN vram_mb, DROP COLUMN vram_reason`);
  }
}
