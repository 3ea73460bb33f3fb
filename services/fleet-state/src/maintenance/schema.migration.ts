import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where it is available (never in the Apache edition), columns older than this are compressed. */
const COMPRESSED = [
  { table: 'fleet.requests', orderBy: 'ts DESC, swap_entry_id', after: '14 days' },
  { table: 'fleet.model_events', orderBy: 'ts DESC, model, state', after: '14 days' },
  { table: 'fleet.perf_samples', orderBy: 'ts DESC', after: '2 days' },
];

export class FleetMaintenance1763650000004 implements MigrationInterface {
  readonly name = 'FleetMaintenance1763650000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE fleet.watermarks (name text PRIMARY KEY, ts timestamptz NOT NULL)`);
    const [edition] = (await runner.query(`SELECT current_setting('timescaledb.license') AS license`)) as {
      license: string;
    }[];
    if (edition?.license !== 'timescale') return;
    for (const { table, orderBy, after } of COMPRESSED) {
      await runner.query(
        `ALTER TABLE ${table} SET (timescaledb.compress, timescaledb.compress_segmentby = 'provider_id', timescaledb.compress_orderby = '${orderBy}')`,
      );
      await runner.query(`SELECT add_compression_policy('${table}', INTERVAL '${after}')`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE fleet.watermarks`);
  }
}
