import { STREAM, subjects } from '@boocontrol/contracts';
import { Inject, Injectable, Module } from '@nestjs/common';
import { testDatabase, testNats, waitFor, type TestDatabase, type TestNats } from '@boocontrol/testing';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { BusMessage } from '../bus/bus-message.js';
import { databaseConfig, loadConfig, type DatabaseConfig } from '../config/config.js';
import { Consume } from './consume.js';
import { DatabaseModule } from './database.module.js';
import { startService, type RunningService } from './start-service.js';

const ItemSchema = z.object({ n: z.int() });
type Item = z.infer<typeof ItemSchema>;

class Scratch1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE scratch.items (n int PRIMARY KEY)');
  }
  async down(): Promise<void> {}
}

@Injectable()
class ItemsConsumer {
  readonly batchSize = 10;

  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  @Consume<Item, ItemsConsumer>((self) => ({
    name: 'items',
    stream: STREAM.jobs,
    filterSubjects: [subjects.allJobs],
    schemaFor: () => ItemSchema,
    batchSize: self.batchSize,
  }))
  async write(batch: readonly BusMessage<Item>[]): Promise<void> {
    const sql = 'INSERT INTO scratch.items SELECT unnest($1::int[]) ON CONFLICT DO NOTHING';
    await this.source.query(sql, [batch.map(({ value }) => value.n)]);
  }
}

@Module({
  imports: [DatabaseModule.forRoot({ schema: 'scratch', migrations: [Scratch1763700000000] })],
  providers: [ItemsConsumer, { provide: 'alias', useExisting: ItemsConsumer }],
})
class ScratchModule {}

let nats: TestNats;
let database: TestDatabase;
const running: RunningService<DatabaseConfig>[] = [];

async function start(): Promise<RunningService<DatabaseConfig>> {
  const config = loadConfig(databaseConfig, {
    NATS_URL: nats.url,
    DATABASE_URL: database.url,
    LOG_LEVEL: 'silent',
  });
  const service = await startService({ name: 'scratch', config, module: ScratchModule });
  running.push(service);
  return service;
}

beforeAll(async () => {
  [nats, database] = await Promise.all([testNats(), testDatabase()]);
});
afterAll(async () => {
  await Promise.all(running.map(({ stop }) => stop()));
  await database?.drop();
  await nats?.stop();
});

async function publish({ platform }: RunningService<DatabaseConfig>, n: number): Promise<void> {
  await platform.publisher.publishReliably(subjects.job('scratch', 'r', 'running'), JSON.stringify({ n }));
}

const numbers = async ({ app }: RunningService<DatabaseConfig>): Promise<number[]> =>
  (await app.get(DataSource).query<{ n: number }[]>('SELECT n FROM scratch.items ORDER BY n')).map(
    ({ n }) => n,
  );

it('a marked method gets the stream, is in health with the database, and goes on after a restart', async () => {
  const first = await start();
  for (let n = 0; n < 25; n++) await publish(first, n);
  await waitFor(async () => (await numbers(first)).length === 25, { what: 'every item in the table' });
  const report = await first.platform.health.report();
  expect(report).toMatchObject({
    status: 'ok',
    checks: { database: { status: 'up' }, items: { status: 'up', detail: expect.stringMatching(/behind/) } },
  });
  await first.stop();
  expect(first.app.get(DataSource).isInitialized).toBe(false);

  const second = await start();
  await publish(second, 25);
  await waitFor(async () => (await numbers(second)).length === 26, { what: 'the item after the restart' });
  const { checks } = await second.platform.health.report();
  expect(checks['items']?.detail).not.toMatch(/given up/);
});
