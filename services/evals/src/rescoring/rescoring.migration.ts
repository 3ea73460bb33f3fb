import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions whose runs are to be scored again, since an item was retired or is asked again. `asked` counts how often. */
export class Rescoring1764200200000 implements MigrationInterface {
  readonly name = 'Rescoring1764200200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE evals.rescoring (
        name  text   NOT NULL,
        hash  text   NOT NULL,
        asked bigint NOT NULL DEFAULT 1,
        PRIMARY KEY (name, hash)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE evals.rescoring`);
  }
}
