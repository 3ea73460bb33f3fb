import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FleetPerf1763650000001 implements MigrationInterface {
  readonly name = 'FleetPerf1763650000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE fleet.perf_samples (
        provider_id text        NOT NULL,
        ts          timestamptz NOT NULL,
        gpu         jsonb,
        sys         jsonb,
        UNIQUE (provider_id, ts)
      )`);
    await runner.query(
      `SELECT create_hypertable('fleet.perf_samples', by_range('ts', INTERVAL '1 day'), create_default_indexes => false)`,
    );
    await runner.query(`
      CREATE TABLE fleet.perf_rollup_5m (
        provider_id text        NOT NULL,
        bucket      timestamptz NOT NULL,
        samples     integer     NOT NULL,
        gpu_agg     jsonb,
        sys_agg     jsonb,
        UNIQUE (provider_id, bucket)
      )`);
    // Buckets that got samples since they were last rolled up. Written in the transaction that inserts the samples.
    await runner.query(`
      CREATE TABLE fleet.perf_rollup_due (
        provider_id text        NOT NULL,
        bucket      timestamptz NOT NULL,
        PRIMARY KEY (provider_id, bucket)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE fleet.perf_rollup_due`);
    await runner.query(`DROP TABLE fleet.perf_rollup_5m`);
    await runner.query(`DROP TABLE fleet.perf_samples`);
  }
}
