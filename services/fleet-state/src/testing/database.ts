import { createDataSource, createLogger, runMigrations } from '@boocontrol/platform';
import { testDatabase, waitFor } from '@boocontrol/testing';
import type { DataSource } from 'typeorm';
import { HistoryDb } from '../db/history-db.js';
import { migrations } from '../migrations.js';

export const quiet = createLogger('fleet-state-test', { level: 'silent' });

export interface FleetDatabase {
  url: string;
  source: DataSource;
  db: HistoryDb;
  rows: <T>(sql: string, params?: unknown[]) => Promise<T[]>;
  /** Empties all tables of schema fleet. */
  clear: () => Promise<void>;
  /** Resolves when some statement in this database waits for a lock. */
  untilBlocked: () => Promise<void>;
  drop: () => Promise<void>;
}

/** A database of its own with schema fleet in place. */
export async function fleetDatabase(): Promise<FleetDatabase> {
  const database = await testDatabase();
  const options = {
    url: database.url,
    schema: 'fleet',
    migrations,
    log: quiet,
    applicationName: 'fleet-state-test',
  };
  await runMigrations(options);
  const source = await createDataSource(options).initialize();
  const rows = <T>(sql: string, params: unknown[] = []): Promise<T[]> => source.query<T[]>(sql, params);
  return {
    url: database.url,
    source,
    db: new HistoryDb(source),
    rows,
    clear: async () => {
      const tables = await rows<{ name: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
         WHERE schemaname = 'fleet' AND tablename <> 'migrations'`,
      );
      const truncate = `TRUNCATE ${tables.map(({ name }) => name).join(', ')}`;
      // A service that runs on it takes the same tables in another order; one of both is then told of a deadlock.
      await waitFor(() => source.query(truncate).then(() => true), { what: 'empty tables' });
    },
    untilBlocked: async () => {
      const isBlocked = async (): Promise<boolean> =>
        (
          await rows(
            `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          )
        ).length > 0;
      await waitFor(isBlocked, { what: 'a statement that waits for a lock', everyMs: 10 });
    },
    drop: async () => {
      await source.destroy();
      await database.drop();
    },
  };
}
