import { bucketStream, BUCKETS, STREAMS } from '@boocontrol/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { testNats, type TestNats } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from '../logs/logger.js';
import { connectBus } from './connect.js';
import { ensureBuckets, ensureStreams, StreamConfigError, type StreamSpec } from './streams.js';

const log = createLogger('test', { level: 'silent' });
const spec: StreamSpec = {
  name: 'S',
  subjects: ['s.>'],
  storage: 'file',
  retention: 'limits',
  duplicateWindowMs: 60_000,
};
let nats: TestNats;
let nc: NatsConnection;

beforeAll(async () => {
  nats = await testNats();
  nc = await connectBus({ url: nats.url, name: 'test', log });
});
afterAll(async () => {
  await nc?.close();
  await nats?.stop();
});

it('makes all streams and buckets of the contracts, from several services at once, again and again', async () => {
  const others = await Promise.all(
    [1, 2, 3].map((n) => connectBus({ url: nats.url, name: `test-${n}`, log })),
  );
  try {
    for (let round = 0; round < 2; round++) {
      await Promise.all(others.map((other) => ensureStreams(other, STREAMS)));
      await Promise.all(others.map((other) => ensureBuckets(other, BUCKETS)));
    }
  } finally {
    await Promise.all(others.map((other) => other.close()));
  }
  const names: string[] = [];
  for await (const name of (await jetstreamManager(nc)).streams.names()) names.push(name);
  expect(names.sort()).toEqual(
    [...STREAMS.map(({ name }) => name), ...BUCKETS.map(({ name }) => bucketStream(name))].sort(),
  );
});

it('changes what may be changed', async () => {
  await ensureStreams(nc, [spec]);
  await ensureStreams(nc, [{ ...spec, maxAgeMs: 3_600_000, maxMsgsPerSubject: 7 }]);
  const { config } = await (await jetstreamManager(nc)).streams.info('S');
  expect(config).toMatchObject({ max_age: nanos(3_600_000), max_msgs_per_subject: 7 });
  await ensureBuckets(nc, [{ name: 'b', history: 1, ttlMs: 0 }]);
  await ensureBuckets(nc, [{ name: 'b', history: 3, ttlMs: 5_000 }]);
  expect(await (await new Kvm(nc).open('b')).status()).toMatchObject({ history: 3, ttl: 5_000 });
});

it('says clearly what it cannot change', async () => {
  await ensureStreams(nc, [{ ...spec, name: 'M', subjects: ['m.>'] }]);
  const refused = ensureStreams(nc, [{ ...spec, name: 'M', subjects: ['m.>'], storage: 'memory' }]);
  await expect(refused).rejects.toBeInstanceOf(StreamConfigError);
  await expect(refused).rejects.toThrow(/Stream M exists and cannot be changed.*storage type/);
});

it('does not keep trying what the server refuses', async () => {
  await expect(ensureStreams(nc, [{ ...spec, name: 'OVERLAP', subjects: ['s.x'] }])).rejects.toThrow(
    /overlap/,
  );
});
