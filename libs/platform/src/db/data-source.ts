import { Client } from 'pg';
import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import type { Log } from '../logs/logger.js';
import { Remigration } from './remigration.js';
import { TypeOrmLogger } from './typeorm-logger.js';
import { waitForDatabase } from './wait.js';

export interface DatabaseOptions {
  url: string;
  /** The schema that this service owns; made when missing. Its migrations are recorded in `<schema>.migrations`. */
  schema: string;
  /** Migration classes; their names end in a timestamp, as TypeORM wants it, and order them. */
  migrations: readonly (new () => MigrationInterface)[];
  log: Log;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Connections at most. Default 10. */
  poolSize?: number;
  /** A statement that takes longer is cancelled (SQLSTATE 57014). Milliseconds; default 30000. */
  statementTimeoutMs?: number;
}

/** The same lock for all services of a database: they may all want to create the same extension. */
const MIGRATION_LOCK = "hashtextextended('boocontrol.migrations', 0)";

/** A statement that took longer is logged. */
const SLOW_QUERY_MS = 1_000;

function options(
  database: DatabaseOptions,
  poolSize: number,
  statementTimeoutMs: number,
  onFailed?: (error: unknown) => void,
): DataSourceOptions {
  const { url, schema, log, applicationName } = database;
  return {
    type: 'postgres',
    url,
    schema,
    synchronize: false,
    migrationsRun: false,
    migrations: [...database.migrations],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    logger: new TypeOrmLogger(log, onFailed),
    maxQueryExecutionTime: SLOW_QUERY_MS,
    applicationName,
    poolSize,
    connectTimeoutMS: 5_000,
    // Without a listener an idle connection's end (the server restarted) would end the process.
    poolErrorHandler: (error: unknown) => log.warn({ err: error }, 'an idle database connection broke'),
    extra: { statement_timeout: statementTimeoutMs, keepAlive: true },
  };
}

/**
 * A TypeORM data source over a pool, not connected yet. Broken connections leave the pool; later queries get new ones.
 * @param onFailed told of each query that failed
 */
export function createDataSource(database: DatabaseOptions, onFailed?: (error: unknown) => void): DataSource {
  const { poolSize = 10, statementTimeoutMs = 30_000 } = database;
  return new DataSource(options(database, poolSize, statementTimeoutMs, onFailed));
}

/**
 * Creates the schema and runs what is pending of its migrations, each in its own transaction, without statement timeout.
 * Several processes may call it at once: an advisory lock lets one work while the others wait. Thrown: what a migration throws.
 */
export async function runMigrations(database: DatabaseOptions): Promise<void> {
  const { url, schema, log, applicationName } = database;
  const lock = new Client({
    connectionString: url,
    application_name: `${applicationName}-migrations`,
    connectionTimeoutMillis: 5_000,
  });
  lock.on('error', (error) => log.warn({ err: error }, 'the migration lock connection broke'));
  const source = new DataSource(options(database, 1, 0));
  try {
    await lock.connect();
    // Held by the session: it goes when the process dies.
    await lock.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    await lock.query(`CREATE SCHEMA IF NOT EXISTS ${lock.escapeIdentifier(schema)}`);
    await source.initialize();
    const done = await source.runMigrations();
    for (const { name } of done) log.info({ schema, migration: name }, 'migrated');
  } finally {
    if (source.isInitialized) await source.destroy();
    await lock.end();
  }
}

/**
 * Waits for the database, migrates, connects. Tables that are gone later are made again when a query misses them.
 * @throws {DatabaseUnavailableError} when the database does not come
 * @throws what a migration throws
 */
export async function openDatabase(database: DatabaseOptions): Promise<DataSource> {
  await waitForDatabase({ url: database.url, log: database.log });
  await runMigrations(database);
  const remigration = new Remigration(database, () => runMigrations(database));
  return createDataSource(database, remigration.see).initialize();
}
