import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every version of every policy: records name the one that decided. */
export class RoutePolicies1763756000001 implements MigrationInterface {
  readonly name = 'RoutePolicies1763756000001';

  async up(runner: QueryRunner): Promise<void> {
    // A deletion is a version, too: made again, a policy goes on counting.
    await runner.query(`
      CREATE TABLE gateway.route_policies (
        name       text        NOT NULL,
        version    integer     NOT NULL CHECK (version > 0),
        body       jsonb       NOT NULL,
        is_deleted boolean     NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (name, version)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE gateway.route_policies`);
  }
}
