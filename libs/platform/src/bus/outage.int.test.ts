import { STREAMS } from '@boocontrol/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { testNats, testPostgres, waitFor, type TestNats, type TestServer } from '@boocontrol/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createDataSource, runMigrations, type DatabaseOptions } from '../db/data-source.js';
import { isTransientDbError } from '../db/transient.js';
import { createLogger } from '../logs/logger.js';
import { BatchConsumer } from './batch-consumer.js';
import { connectBus } from './connect.js';
import { PipelinedPublisher } from './publisher.js';
import { ensureStreams } from './streams.js';

const log = createLogger('test', { level: 'silent' });
const ItemSchema = z.object({ n: z.int() });
const COUNT = 20_000;

let nats: TestNats;
let postgres: TestServer;
let nc: NatsConnection;
let publisher: PipelinedPublisher;
let source: DataSource;

beforeAll(async () => {
  [nats, postgres] = await Promise.all([testNats(), testPostgres()]);
  nc = await connectBus({ url: nats.url, name: 'test', log });
  publisher = new PipelinedPublisher(nc);
  const ledger = { name: 'LEDGER', subjects: ['ledger.>'], storage: 'file', retention: 'limits' } as const;
  await ensureStreams(nc, [...STREAMS, { ...ledger, duplicateWindowMs: 120_000 }]);
  const options: DatabaseOptions = {
    url: postgres.url,
    schema: 'ledger',
    migrations: [],
    log,
    applicationName: 'ledger-test',
    poolSize: 4,
  };
  await runMigrations(options);
  source = await createDataSource(options).initialize();
  await source.query('CREATE TABLE ledger.items (n integer PRIMARY KEY, check_value integer NOT NULL)');
});
afterAll(async () => {
  publisher?.close();
  await source?.destroy();
  await nc?.close();
  await Promise.all([nats?.stop(), postgres?.stop()]);
});

const INSERT = `
  INSERT INTO ledger.items (n, check_value)
  SELECT item.n, item.n * 2 FROM jsonb_to_recordset($1::jsonb) AS item (n integer)
  ON CONFLICT DO NOTHING`;

const rows = async (): Promise<number> => {
  const [row] = await source.query<{ count: number }[]>('SELECT count(*)::int AS count FROM ledger.items');
  return row?.count ?? 0;
};

it('loses and doubles nothing when the database, then the bus, is killed in the middle of the work', async () => {
  let failures = 0;
  const consumer = new BatchConsumer<{ n: number }>({
    nc,
    publisher,
    log,
    origin: 'test',
    stream: 'LEDGER',
    durable: 'projector',
    schemaFor: () => ItemSchema,
    isTransient: isTransientDbError,
    ackWaitMs: 1_000,
    batchSize: 200,
    handle: async (batch) => {
      try {
        await source.transaction(async (entities) => {
          await entities.query(INSERT, [JSON.stringify(batch.map(({ value }) => value))]);
        });
      } catch (error) {
        failures++;
        throw error;
      }
    },
  });
  consumer.start();
  try {
    const sending = Promise.all(
      Array.from({ length: COUNT }, (_, n) =>
        publisher.publishReliably('ledger.item', JSON.stringify({ n }), { msgId: `n-${n}` }),
      ),
    );
    await waitFor(async () => (await rows()) > COUNT * 0.1, { what: 'the first rows', everyMs: 1 });
    await postgres.kill9();
    await waitFor(() => consumer.health().status === 'down', { what: 'the health to tell' });
    await postgres.restart();
    await waitFor(async () => (await rows()) > COUNT * 0.4, { what: 'more rows', everyMs: 1 });
    await nats.kill9();
    const midway = await rows();
    await nats.restart();
    await sending;
    await waitFor(async () => (await rows()) === COUNT, { what: 'every row' });

    expect(midway).toBeLessThan(COUNT);
    expect(failures).toBeGreaterThan(0);
    expect(consumer.stats().dead).toBe(0);
    const [sum] = await source.query<object[]>(
      'SELECT count(*)::int AS count, min(n) AS min, max(n) AS max, bool_and(check_value = n * 2) AS ok FROM ledger.items',
    );
    expect(sum).toEqual({ count: COUNT, min: 0, max: COUNT - 1, ok: true });
    const jsm = await jetstreamManager(nc);
    await waitFor(
      async () => {
        const { num_pending, num_ack_pending } = await jsm.consumers.info('LEDGER', 'projector');
        return num_pending + num_ack_pending === 0;
      },
      { what: 'every acknowledgement' },
    );
    expect((await jsm.streams.info('DEAD')).state.messages).toBe(0);
  } finally {
    await consumer.stop();
  }
});
