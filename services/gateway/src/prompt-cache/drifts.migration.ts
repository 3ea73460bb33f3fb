import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Prompts that did not begin as before, or were not in the cache. */
export class PrefixDrifts1763769600002 implements MigrationInterface {
  readonly name = 'PrefixDrifts1763769600002';

  async up(runner: QueryRunner): Promise<void> {
    // fact: as it was told; the columns behind it are what is asked for.
    await runner.query(`
      CREATE TABLE gateway.prefix_drifts (
        id          uuid        NOT NULL,
        at          timestamptz NOT NULL,
        fact        jsonb       NOT NULL,
        kind        text             GENERATED ALWAYS AS (fact->>'kind') STORED,
        cause       text             GENERATED ALWAYS AS (fact->>'cause') STORED,
        session     text             GENERATED ALWAYS AS (fact->>'session') STORED,
        consumer    text             GENERATED ALWAYS AS (fact->>'consumer') STORED,
        provider_id text             GENERATED ALWAYS AS (fact->>'providerId') STORED,
        model       text             GENERATED ALWAYS AS (fact->>'model') STORED,
        lost_tokens bigint           GENERATED ALWAYS AS ((fact->>'lostTokens')::bigint) STORED,
        lost_ms     double precision GENERATED ALWAYS AS ((fact->>'lostMs')::double precision) STORED,
        UNIQUE (id, at)
      )`);
    await runner.query(
      `SELECT create_hypertable('gateway.prefix_drifts', by_range('at', INTERVAL '7 days'), create_default_indexes => false)`,
    );
    await runner.query(`CREATE INDEX prefix_drifts_feed ON gateway.prefix_drifts (at DESC, id DESC)`);
    await runner.query(`CREATE INDEX prefix_drifts_of_session ON gateway.prefix_drifts (session, at DESC)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE gateway.prefix_drifts`);
  }
}
