import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { sharedPostgresUrl } from './shared-postgres.js';

export interface TestDatabase {
  url: string;
  name: string;
  /** Closes what is still connected to it and removes it. */
  drop(): Promise<void>;
}

/** A new database with the timescaledb extension on the PostgreSQL that all tests share. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = await sharedPostgresUrl();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runIn(server, 'postgres', `CREATE DATABASE ${name}`);
  await runIn(server, name, 'CREATE EXTENSION IF NOT EXISTS timescaledb');
  return {
    url: withDatabase(server, name),
    name,
    drop: () => runIn(server, 'postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function runIn(server: string, database: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: withDatabase(server, database) });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
