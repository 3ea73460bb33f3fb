import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The last changes of one host: without it, a quiet host's are looked for through those of all the others. */
export class FleetEventsOfHost1763650000008 implements MigrationInterface {
  readonly name = 'FleetEventsOfHost1763650000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX model_events_of_host ON fleet.model_events (provider_id, ts DESC, seq DESC)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX fleet.model_events_of_host`);
  }
}
