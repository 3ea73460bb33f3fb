import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { testDatabase } from './database.js';
import { testNats, testPostgres } from './servers.js';
import { sweep, tempDir } from './temp-dir.js';

async function rows(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('testNats', () => {
  it('keeps what JetStream acknowledged over kill -9 and restart', async () => {
    const nats = await testNats();
    try {
      const before = await connect(nats.connection);
      await (await jetstreamManager(before)).streams.add({ name: 'S', subjects: ['s.>'] });
      for (let n = 0; n < 100; n += 1) await jetstream(before).publish(`s.${n}`, String(n));
      await nats.kill9();
      await before.close();
      await nats.restart();
      const after = await connect(nats.connection);
      try {
        expect((await (await jetstreamManager(after)).streams.info('S')).state.messages).toBe(100);
      } finally {
        await after.close();
      }
    } finally {
      await nats.stop();
    }
  });

  it('gives each caller an empty one', async () => {
    const servers = await Promise.all([testNats(), testNats(), testNats()]);
    try {
      expect(new Set(servers.map(({ port }) => port)).size).toBe(3);
      const first = await connect(servers[0].connection);
      await (await jetstreamManager(first)).streams.add({ name: 'S', subjects: ['s.>'] });
      await first.close();
      const second = await connect(servers[1].connection);
      expect((await (await jetstreamManager(second)).getAccountInfo()).streams).toBe(0);
      await second.close();
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  });
});

describe('testDatabase', () => {
  it('gives each caller a database of its own with TimescaleDB, also many at once', async () => {
    const databases = await Promise.all(Array.from({ length: 6 }, () => testDatabase()));
    try {
      await Promise.all(
        databases.map(async ({ url }, n) => {
          await rows(url, 'CREATE TABLE facts (ts timestamptz NOT NULL, n int)');
          await rows(url, "SELECT create_hypertable('facts', by_range('ts'))");
          await rows(url, `INSERT INTO facts VALUES (now(), ${n})`);
        }),
      );
      const found = await Promise.all(databases.map(({ url }) => rows(url, 'SELECT n FROM facts')));
      expect(found).toEqual([0, 1, 2, 3, 4, 5].map((n) => [{ n }]));
    } finally {
      await Promise.all(databases.map((database) => database.drop()));
    }
  });

  it('drops a database that is still connected to', async () => {
    const database = await testDatabase();
    const keeper = new Client({ connectionString: database.url });
    keeper.on('error', () => undefined);
    await keeper.connect();
    await database.drop();
    await expect(rows(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });
});

describe('testPostgres', () => {
  it('keeps committed rows over kill -9 and restart', async () => {
    const postgres = await testPostgres();
    try {
      await rows(postgres.url, 'CREATE TABLE kept AS SELECT generate_series(1, 500) AS n');
      await postgres.kill9();
      await expect(rows(postgres.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await postgres.restart();
      expect(await rows(postgres.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 500 }]);
    } finally {
      await postgres.stop();
    }
  });
});

describe('tempDir', () => {
  it('is removed with all that is in it', async () => {
    const dir = await tempDir();
    await writeFile(join(dir.path, 'file'), '');
    await dir.remove();
    expect(existsSync(dir.path)).toBe(false);
  });

  it('is removed by the next run when its process was killed, and only then', async () => {
    const base = await tempDir();
    try {
      const ours = basename(base.path).replace(/[^-]*$/, 'live');
      const dead = 'boocontrol-999999999-1-dead';
      for (const name of [ours, dead, 'boocontrol-other', 'x']) await mkdir(join(base.path, name));
      await sweep(base.path);
      expect((await readdir(base.path)).sort()).toEqual([ours, 'boocontrol-other', 'x'].sort());
    } finally {
      await base.remove();
    }
  });
});
