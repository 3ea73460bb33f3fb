import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  freePort,
  testDatabase,
  testPostgres,
  waitFor,
  type TestDatabase,
  type TestServer,
} from '@boocontrol/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../logs/logger.js';
import { createDataSource, openDatabase, runMigrations, type DatabaseOptions } from './data-source.js';
import { lacksTables } from './remigration.js';
import { isTransientDbError } from './transient.js';
import { DatabaseUnavailableError, waitForDatabase } from './wait.js';

const log = createLogger('test', { level: 'silent' });

class CreateItems1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE shop.items (n integer PRIMARY KEY)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE shop.items');
  }
}
class Broken1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE shop.half (n integer)');
    await runner.query('SELECT no_such_column FROM shop.items');
  }
  down(): Promise<void> {
    return Promise.resolve();
  }
}

const options = (url: string, more: Partial<DatabaseOptions> = {}): DatabaseOptions => ({
  url,
  schema: 'shop',
  migrations: [CreateItems1700000000001],
  log,
  applicationName: 'shop-test',
  ...more,
});

/** The same migration in a process of its own, slow enough to overlap with the others. */
const RACER = `
import { createLogger, runMigrations } from '@boocontrol/platform';
class CreateItems1700000000001 {
  async up(runner) {
    await runner.query('CREATE TABLE shop.items (n integer PRIMARY KEY)');
    await runner.query('SELECT pg_sleep(0.2)');
    await runner.query('INSERT INTO shop.items VALUES (1)');
  }
  async down() {}
}
await runMigrations({ url: process.env.DATABASE_URL, schema: 'shop', migrations: [CreateItems1700000000001],
  log: createLogger('racer'), applicationName: 'racer' });
`;

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database?.drop());

  it('run once when three processes want them at the same time', async () => {
    const cwd = fileURLToPath(new URL('../..', import.meta.url));
    const env = { ...process.env, DATABASE_URL: database.url };
    const args = ['--input-type=module', '--eval', RACER];
    const runs = await Promise.all(
      [1, 2, 3].map(() => promisify(execFile)(process.execPath, args, { cwd, env })),
    );
    expect(runs.filter(({ stdout }) => stdout.includes('"msg":"migrated"'))).toHaveLength(1);
    const source = await openDatabase(options(database.url));
    try {
      expect(await source.query('SELECT n FROM shop.items')).toEqual([{ n: 1 }]);
      expect(await source.query('SELECT name FROM shop.migrations')).toEqual([
        { name: 'CreateItems1700000000001' },
      ]);
    } finally {
      await source.destroy();
    }
  });

  it('leave nothing behind of one that fails, and let the next run try again', async () => {
    const broken = options(database.url, { migrations: [CreateItems1700000000001, Broken1700000000002] });
    await expect(runMigrations(broken)).rejects.toThrow(/no_such_column/);
    await expect(runMigrations(broken)).rejects.toThrow(/no_such_column/);
    const source = await openDatabase(options(database.url));
    try {
      expect(await source.query(`SELECT to_regclass('shop.half') AS half`)).toEqual([{ half: null }]);
    } finally {
      await source.destroy();
    }
  });
});

describe('tables that are gone while a service runs', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database?.drop());

  it('are made again when a query misses them', async () => {
    const source = await openDatabase(options(database.url));
    const insert = (n: number): Promise<unknown> => source.query('INSERT INTO shop.items VALUES ($1)', [n]);
    const lost: unknown[] = [];
    const untilInserted = (n: number): Promise<unknown> =>
      waitFor(
        () =>
          insert(n).then(
            () => true,
            (error: unknown) => (lost.push(error), false),
          ),
        { what: 'the table' },
      );
    try {
      for (const n of [1, 2]) {
        await source.query('DROP SCHEMA shop CASCADE');
        await untilInserted(n);
        expect(await source.query('SELECT n FROM shop.items')).toEqual([{ n }]);
      }
      expect(lost.length).toBeGreaterThanOrEqual(2);
      expect(lost.every(isTransientDbError)).toBe(true);
    } finally {
      await source.destroy();
    }
  });

  it('only its own', async () => {
    const missing = (relation: string): Error =>
      Object.assign(new Error(`relation "${relation}" does not exist`), { code: '42P01' });
    expect(lacksTables(missing('shop.items'), 'shop')).toBe(true);
    expect(lacksTables(missing('shops.items'), 'shop')).toBe(false);
    expect(
      lacksTables(Object.assign(new Error('schema "shop" does not exist'), { code: '3F000' }), 'shop'),
    ).toBe(true);
    expect(lacksTables(new Error('relation "shop.items" does not exist'), 'shop')).toBe(false);
  });
});

describe('statements', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database?.drop());

  it('are cancelled after their timeout, which counts as transient, and name their service', async () => {
    const source = await createDataSource(options(database.url, { statementTimeoutMs: 100 })).initialize();
    try {
      const error: unknown = await source.query('SELECT pg_sleep(10)').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: '57014' });
      expect(isTransientDbError(error)).toBe(true);
      expect(await source.query(`SELECT current_setting('application_name') AS name`)).toEqual([
        { name: 'shop-test' },
      ]);
    } finally {
      await source.destroy();
    }
  });
});

describe('an unreachable database', () => {
  it('is reported with its place and without the password', async () => {
    const port = await freePort();
    const url = `postgres://boo:hunter2@127.0.0.1:${port}/boo`;
    const error: unknown = await waitForDatabase({ url, log, timeoutMs: 500 }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DatabaseUnavailableError);
    expect(String(error)).toMatch(
      new RegExp(`PostgreSQL at 127.0.0.1:${port}, database "boo", did not answer`),
    );
    expect(String(error)).toMatch(/ECONNREFUSED/);
    expect(String(error)).not.toContain('hunter2');
  });
});

describe('a server that is killed', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testPostgres();
  });
  afterAll(() => server?.stop());

  it('is waited for at the start, and its data source works again after its restart', async () => {
    await server.kill9();
    const opening = openDatabase(options(server.url));
    await server.restart();
    const source = await opening;
    try {
      await source.query('INSERT INTO shop.items VALUES (1)');
      // Idle connections and one in use.
      const busy = source.query('SELECT pg_sleep(60)').catch((thrown: unknown) => thrown);
      await waitFor(
        async () =>
          (
            await source.query<unknown[]>(
              `SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'`,
            )
          ).length === 1,
        { what: 'the busy connection' },
      );
      await server.kill9();
      expect(isTransientDbError(await busy)).toBe(true);
      const whileDown: unknown = await source.query('SELECT 1').catch((thrown: unknown) => thrown);
      expect(isTransientDbError(whileDown)).toBe(true);
      await server.restart();
      const rows = await waitFor(() => source.query<unknown[]>('SELECT n FROM shop.items'), {
        what: 'the data source',
      });
      expect(rows).toEqual([{ n: 1 }]);
    } finally {
      await source.destroy();
    }
  });
});
