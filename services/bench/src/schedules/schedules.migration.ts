import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Runs that begin by themselves. `next_at` is the next due time; a due time that has come is pending until its runs are begun
 * or left out, and until `pending_until` one process is at it.
 */
export class Schedules1764000400000 implements MigrationInterface {
  readonly name = 'Schedules1764000400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bench.schedules (
        id            uuid        PRIMARY KEY,
        input         jsonb       NOT NULL,
        next_at       timestamptz,
        pending_at    timestamptz,
        pending_since timestamptz,
        pending_until timestamptz,
        last          jsonb,
        created_at    timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX schedules_due ON bench.schedules (next_at) WHERE next_at IS NOT NULL`);
    await runner.query(
      `CREATE INDEX schedules_pending ON bench.schedules (pending_until) WHERE pending_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX runs_of_schedule ON bench.runs (schedule_id, created_at) WHERE schedule_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX bench.runs_of_schedule`);
    await runner.query(`DROP TABLE bench.schedules`);
  }
}
