import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the prompt cache did for requests that went straight to hosts. */
export class DirectPrompts1763769600003 implements MigrationInterface {
  readonly name = 'DirectPrompts1763769600003';

  async up(runner: QueryRunner): Promise<void> {
    // session and prefix_…: null where the host kept no copy of the prompt.
    await runner.query(`
      CREATE TABLE gateway.direct_prompts (
        id              uuid        NOT NULL,
        at              timestamptz NOT NULL,
        provider_id     text        NOT NULL,
        model           text        NOT NULL,
        source          text        NOT NULL,
        swap_entry_id   bigint      NOT NULL,
        ts              timestamptz NOT NULL,
        prompt_tokens   bigint,
        cache_tokens    bigint,
        session         text,
        prefix_hash     text,
        prefix_bytes    bigint,
        prefix_segments bigint,
        prefix_relation text,
        UNIQUE (id, at)
      )`);
    await runner.query(
      `SELECT create_hypertable('gateway.direct_prompts', by_range('at', INTERVAL '7 days'), create_default_indexes => false)`,
    );
    await runner.query(`CREATE INDEX direct_prompts_by_time ON gateway.direct_prompts (at DESC)`);
    await runner.query(
      `CREATE INDEX direct_prompts_of_session ON gateway.direct_prompts (session, at DESC) WHERE session IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE gateway.direct_prompts`);
  }
}
