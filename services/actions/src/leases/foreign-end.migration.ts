import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a request of others ended: an expiry is found some time after it, and what ended later does not count. */
export class ForeignEnd1763800220000 implements MigrationInterface {
  readonly name = 'ForeignEnd1763800220000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE actions.foreign_requests ADD COLUMN ended_at timestamptz`);
    await runner.query(`UPDATE actions.foreign_requests SET ended_at = ts`);
    await runner.query(`ALTER TABLE actions.foreign_requests ALTER COLUMN ended_at SET NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE actions.foreign_requests DROP COLUMN ended_at`);
  }
}
