import { bucketStream, BUCKET, STREAM, STREAMS, type HealthReport } from '@boocontrol/contracts';
import { ensureStreams } from '@boocontrol/platform';
import { testPostgres, waitFor, type RunningService } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HistoryFact } from './projection/history-fact.js';
import { fleetDatabase, type FleetDatabase } from './testing/database.js';
import { noon, perfFact, provider, requestFact } from './testing/facts.js';
import { spawnFleetState, testBus, type TestBus } from './testing/service.js';

/** Nothing lost, nothing doubled: a ledger of what was published against the rows of the table. */
let bus: TestBus;
let service: RunningService | undefined;
const cleanUp: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  bus = await testBus();
  cleanUp.push(() => bus.close());
});
afterEach(async () => {
  await service?.stop();
  for (const undo of cleanUp.splice(0).toReversed()) await undo();
});

async function ownDatabase(): Promise<FleetDatabase> {
  const database = await fleetDatabase();
  cleanUp.push(() => database.drop());
  return database;
}

const hosts = ['tower', 'nas', 'mini', 'rack'];
/** The n-th fact of the load: mostly requests, and a sample now and then. */
const loadFact = (n: number): HistoryFact => {
  const providerId = hosts[n % hosts.length] ?? 'tower';
  return n % 10 === 9
    ? perfFact({ providerId, ts: noon(n) })
    : requestFact({ providerId, entryId: n, ts: noon(n), outputTokens: n });
};

async function publishLoad(from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 500) {
    await Promise.all(Array.from({ length: Math.min(500, to - n) }, (_, i) => bus.publish(loadFact(n + i))));
  }
}

interface Ledger {
  requests: number;
  tokens: number;
  samples: number;
}
const LEDGER = `
  SELECT (SELECT count(*) FROM fleet.requests)::int AS requests,
    (SELECT coalesce(sum(output_tokens), 0) FROM fleet.requests)::float8 AS tokens,
    (SELECT count(*) FROM fleet.perf_samples)::int AS samples`;
function expectedLedger(count: number): Ledger {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const requests = numbers.filter((n) => n % 10 !== 9);
  return {
    requests: requests.length,
    tokens: requests.reduce((a, b) => a + b, 0),
    samples: count - requests.length,
  };
}

/** Waits until all are there; the counts themselves are for the caller to compare. */
async function untilComplete(read: () => Promise<Ledger>, expected: Ledger): Promise<Ledger> {
  return waitFor(
    async () => {
      const now = await read();
      return now.requests >= expected.requests && now.samples >= expected.samples ? now : null;
    },
    {
      what: `${expected.requests} requests and ${expected.samples} samples`,
      timeoutMs: 90_000,
      everyMs: 200,
    },
  );
}

test('kill -9 of the service under load, three times: 20,000 facts, each row once', async () => {
  const database = await ownDatabase();
  const read = async (): Promise<Ledger> => (await database.rows<Ledger>(LEDGER))[0] as Ledger;
  service = await spawnFleetState(bus.nats.url, database.url);
  const publishing = publishLoad(0, 20_000);
  for (const atLeast of [1_000, 5_000, 10_000]) {
    await waitFor(async () => (await read()).requests >= atLeast, {
      what: `${atLeast} rows`,
      everyMs: 5,
    });
    await service.kill9();
    service = await spawnFleetState(bus.nats.url, database.url);
  }
  await publishing;
  const expected = expectedLedger(20_000);
  expect(await untilComplete(read, expected)).toEqual(expected);
}, 240_000);

test('kill -9 of PostgreSQL under load: health says so, and every row is there once afterwards', async () => {
  const postgres = await testPostgres();
  cleanUp.push(() => postgres.stop());
  const read = async (): Promise<Ledger> => {
    const client = new Client({ connectionString: postgres.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Ledger>(LEDGER)).rows[0] as Ledger;
    } finally {
      await client.end();
    }
  };
  service = await spawnFleetState(bus.nats.url, postgres.url);
  const { url } = service;
  const checks = async (): Promise<HealthReport['checks']> =>
    ((await (await fetch(`${url}/health`)).json()) as HealthReport).checks;
  const publishing = publishLoad(0, 10_000);
  await waitFor(async () => (await read()).requests >= 1_000, { what: '1,000 rows', everyMs: 5 });
  await postgres.kill9();
  await waitFor(
    async () => {
      const { database, projection } = await checks();
      return database?.status === 'down' && projection?.status === 'down' && projection.detail !== undefined;
    },
    { what: 'health to say that the database is down' },
  );
  await publishing;
  await postgres.restart();
  const expected = expectedLedger(10_000);
  expect(await untilComplete(read, expected)).toEqual(expected);
  await waitFor(async () => Object.values(await checks()).every(({ status }) => status === 'up'), {
    what: 'health to be good again',
  });
}, 240_000);

test('a database that comes up later than the service is waited for', async () => {
  const postgres = await testPostgres();
  cleanUp.push(() => postgres.stop());
  await postgres.kill9();
  const starting = spawnFleetState(bus.nats.url, postgres.url);
  await postgres.restart();
  service = await starting;
  expect((await fetch(`${service.url}/health`)).status).toBe(200);
});

test('kill -9 of NATS under load: it reconnects and goes on', async () => {
  const database = await ownDatabase();
  const read = async (): Promise<Ledger> => (await database.rows<Ledger>(LEDGER))[0] as Ledger;
  service = await spawnFleetState(bus.nats.url, database.url);
  const publishing = publishLoad(0, 10_000);
  await waitFor(async () => (await read()).requests >= 1_000, { what: '1,000 rows', everyMs: 5 });
  await bus.nats.kill9();
  await bus.nats.restart();
  await publishing;
  const expected = expectedLedger(10_000);
  expect(await untilComplete(read, expected)).toEqual(expected);
});

test('the bus wiped while running: consumers are made again, providers come back, history goes on', async () => {
  const database = await ownDatabase();
  const read = async (): Promise<Ledger> => (await database.rows<Ledger>(LEDGER))[0] as Ledger;
  service = await spawnFleetState(bus.nats.url, database.url);
  await publishLoad(0, 1_000);
  const kv = await new Kvm(bus.nc).open(BUCKET.providers);
  await kv.put('tower', JSON.stringify(provider()));
  await untilComplete(read, expectedLedger(1_000));
  await waitFor(async () => (await database.rows(`SELECT 1 FROM fleet.hosts`)).length === 1, {
    what: 'the host',
  });

  const jsm = await jetstreamManager(bus.nc);
  for (const name of [...STREAMS.map((stream) => stream.name), bucketStream(BUCKET.providers)]) {
    await jsm.streams.delete(name);
  }
  await waitFor(async () => (await jsm.streams.info(STREAM.fleet)).config.name === STREAM.fleet, {
    what: 'the log to be made again by the service',
  });
  await ensureStreams(bus.nc, STREAMS);
  // Old facts again (ingest reads what the hosts still have), and new ones.
  await publishLoad(500, 2_000);
  const expected = expectedLedger(2_000);
  expect(await untilComplete(read, expected)).toEqual(expected);
  await waitFor(async () => (await kv.get('tower'))?.operation === 'PUT', {
    what: 'the provider to be back',
  });
});
