import { DeadLetterSchema, STREAMS, type DeadLetter } from '@boocontrol/contracts';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createLogger } from '../logs/logger.js';
import { BatchConsumer, type BatchConsumerOptions } from './batch-consumer.js';
import { connectBus } from './connect.js';
import { PipelinedPublisher } from './publisher.js';
import { ensureStreams, type StreamSpec } from './streams.js';

const log = createLogger('test', { level: 'silent' });
const ItemSchema = z.object({ n: z.int() });
type Item = z.infer<typeof ItemSchema>;

let nats: TestNats;
let nc: NatsConnection;
let jsm: JetStreamManager;
let publisher: PipelinedPublisher;
let nextStream = 0;
const started: BatchConsumer<Item>[] = [];

beforeAll(async () => {
  nats = await testNats();
  nc = await connectBus({ url: nats.url, name: 'test', log });
  jsm = await jetstreamManager(nc);
  publisher = new PipelinedPublisher(nc);
  await ensureStreams(nc, STREAMS);
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((consumer) => consumer.stop()));
});
afterAll(async () => {
  publisher?.close();
  await nc?.close();
  await nats?.stop();
});

/** A stream of its own for each test: its messages go to `<prefix>.item`. */
async function newStream(
  retention: StreamSpec['retention'] = 'limits',
): Promise<StreamSpec & { prefix: string }> {
  const prefix = `t${++nextStream}`;
  const spec: StreamSpec = {
    name: prefix.toUpperCase(),
    subjects: [`${prefix}.>`],
    storage: 'file',
    retention,
    duplicateWindowMs: 120_000,
  };
  await ensureStreams(nc, [spec]);
  return { ...spec, prefix };
}

function start(
  stream: string,
  handle: BatchConsumerOptions<Item>['handle'],
  more: Partial<BatchConsumerOptions<Item>> = {},
): BatchConsumer<Item> {
  const consumer = new BatchConsumer<Item>({
    nc,
    publisher,
    log,
    origin: 'test',
    stream,
    durable: 'projector',
    schemaFor: (subject) => (subject.endsWith('.item') ? ItemSchema : null),
    handle,
    ...more,
  });
  started.push(consumer);
  consumer.start();
  return consumer;
}

async function publish(prefix: string, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, i) => from + i);
  await Promise.all(
    numbers.map((n) =>
      publisher.publishReliably(`${prefix}.item`, JSON.stringify({ n }), { msgId: `${prefix}-${n}` }),
    ),
  );
}

async function deadOf(subjectStart: string): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  const consumer = await jetstream(nc).consumers.get('DEAD');
  const info = await consumer.info();
  if (info.num_pending === 0) return letters;
  for await (const msg of await consumer.consume()) {
    const letter = DeadLetterSchema.parse(msg.json());
    if (letter.subject.startsWith(subjectStart)) letters.push(letter);
    if (msg.info.pending === 0) break;
  }
  return letters;
}

const unacknowledged = async (stream: string): Promise<number> => {
  const info = await jsm.consumers.info(stream, 'projector');
  return info.num_pending + info.num_ack_pending;
};

it('puts bad messages and the poison into DEAD, each with its reason, and gets the rest through in order', async () => {
  const { name, prefix } = await newStream('workqueue');
  await publish(prefix, 0, 50);
  await publisher.publish(`${prefix}.item`, '{"n":');
  await publisher.publish(`${prefix}.item`, '{"n":"seven"}');
  await publisher.publish(`${prefix}.other`, '{"n":1}');
  await publish(prefix, 50, 100);
  const committed: number[] = [];
  const consumer = start(
    name,
    (batch) => {
      if (batch.some(({ value }) => value.n === 33)) return Promise.reject(new Error('33 cannot be stored'));
      committed.push(...batch.map(({ value }) => value.n));
      return Promise.resolve();
    },
    { maxAttempts: 2 },
  );
  await waitFor(async () => (await unacknowledged(name)) === 0, { what: 'an empty queue' });

  expect(committed).toEqual(Array.from({ length: 100 }, (_, n) => n).filter((n) => n !== 33));
  expect((await jsm.streams.info(name)).state.messages).toBe(0);
  expect(consumer.stats()).toMatchObject({ processed: 99, dead: 4, lag: 0 });
  const letters = await deadOf(prefix);
  const summary = letters.map(({ seq, code, attempts, data }) => ({ seq, code, attempts, data }));
  expect(summary.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))).toEqual([
    { seq: 34, code: 'processing_failed', attempts: 2, data: '{"n":33}' },
    { seq: 51, code: 'invalid_json', attempts: 1, data: '{"n":' },
    { seq: 52, code: 'invalid_schema', attempts: 1, data: '{"n":"seven"}' },
    { seq: 53, code: 'unknown_subject', attempts: 1, data: '{"n":1}' },
  ]);
  expect(letters.find(({ seq }) => seq === 34)?.reason).toBe('33 cannot be stored');
});

it('tells where each message stands in the stream', async () => {
  const { name, prefix } = await newStream();
  const sentMs = Date.now();
  await publish(prefix, 0, 1);
  const seen: unknown[] = [];
  start(name, (batch) => Promise.resolve(void seen.push(...batch)));
  await waitFor(() => seen.length === 1, { what: 'the message' });
  expect(seen).toEqual([
    { subject: `${prefix}.item`, seq: 1, timeMs: expect.any(Number), deliveryCount: 1, value: { n: 0 } },
  ]);
  const { timeMs } = seen[0] as { timeMs: number };
  expect(Math.abs(timeMs - sentMs)).toBeLessThan(60_000);
});

it('keeps a batch for as long as its handler’s surroundings are away, and says so', async () => {
  const { name, prefix } = await newStream();
  let isAway = true;
  const committed: number[] = [];
  const consumer = start(name, (batch) => {
    if (isAway) return Promise.reject(Object.assign(new Error('database is away'), { isRetryable: true }));
    committed.push(...batch.map(({ value }) => value.n));
    return Promise.resolve();
  });
  await publish(prefix, 0, 10);
  await waitFor(() => consumer.health().detail === 'database is away', { what: 'the health to say why' });
  isAway = false;
  await waitFor(() => committed.length === 10, { what: 'the batch' });
  expect(committed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await deadOf(prefix)).toEqual([]);
  await waitFor(() => consumer.health().status === 'up', { what: 'the health to be up' });
});

it('holds on to a batch for longer than the server waits for its acknowledgement', async () => {
  const { name, prefix } = await newStream();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let calls = 0;
  start(name, () => (calls++, held), { ackWaitMs: 1_000 });
  await publish(prefix, 0, 3);
  await waitFor(() => calls === 1, { what: 'the batch' });
  // Another replica would get them within a second of silence.
  const second: number[] = [];
  start(name, (batch) => Promise.resolve(void second.push(...batch.map(({ value }) => value.n))), {
    ackWaitMs: 1_000,
  });
  const startedMs = performance.now();
  await waitFor(() => performance.now() - startedMs > 2_500, { what: 'two and a half waits' });
  release();
  await waitFor(async () => (await unacknowledged(name)) === 0, { what: 'the acknowledgement' });
  expect({ calls, second }).toEqual({ calls: 1, second: [] });
});

it('has as many batches in hand as it may, acknowledges each by itself, and finishes all when it is stopped', async () => {
  const { name, prefix } = await newStream();
  const inHand: { first: number; commit: () => void }[] = [];
  const committed: number[] = [];
  const consumer = start(
    name,
    (batch) =>
      new Promise<void>((resolve) => {
        const numbers = batch.map(({ value }) => value.n);
        const commit = (): void => {
          committed.push(...numbers);
          resolve();
        };
        inHand.push({ first: numbers[0] ?? -1, commit });
      }),
    { batchSize: 5, parallelBatches: 2, ackWaitMs: 60_000 },
  );
  await publish(prefix, 0, 20);
  await waitFor(() => inHand.length === 2, { what: 'two batches' });
  const [one, two] = inHand.toSorted((a, b) => a.first - b.first);
  two?.commit();
  await waitFor(() => inHand.length === 3, { what: 'the next batch, while the first is still in hand' });
  expect(committed).not.toContain(one?.first);
  expect((await jsm.consumers.info(name, 'projector')).ack_floor.stream_seq).toBe(0);

  const stopped = consumer.stop();
  for (const batch of inHand) if (batch !== two) batch.commit();
  await stopped;
  const rest: number[] = [];
  start(name, (batch) => Promise.resolve(void rest.push(...batch.map(({ value }) => value.n))));
  await waitFor(() => committed.length + rest.length >= 20, { what: 'what the stopped one gave back' });
  expect([...committed, ...rest].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

it('shares the messages between replicas, and a stopped one gives back what it did not handle', async () => {
  const { name, prefix } = await newStream();
  const release: (() => void)[] = [];
  const first: number[] = [];
  const holding = start(
    name,
    (batch) =>
      new Promise<void>((resolve) => {
        release.push(() => {
          first.push(...batch.map(({ value }) => value.n));
          resolve();
        });
      }),
    { batchSize: 10, ackWaitMs: 60_000 },
  );
  await publish(prefix, 0, 20);
  await waitFor(() => release.length === 1, { what: 'the first batch' });
  await waitFor(async () => (await jsm.consumers.info(name, 'projector')).num_ack_pending === 20, {
    what: 'delivery',
  });
  const stopped = holding.stop();
  release[0]?.();
  await stopped;
  const second: number[] = [];
  start(name, (batch) => Promise.resolve(void second.push(...batch.map(({ value }) => value.n))));
  // Well before the minute after which the server would deliver them again by itself.
  await waitFor(() => first.length + second.length >= 20, { what: 'the rest to be delivered to the other' });
  expect(new Set([...first, ...second]).size).toBe(20);
  expect(first.length).toBeGreaterThan(0);
});

it('comes back after its consumer, then its stream, was deleted', async () => {
  const spec = await newStream();
  const seen: number[] = [];
  start(spec.name, (batch) => Promise.resolve(void seen.push(...batch.map(({ value }) => value.n))), {
    onMissingStream: () => ensureStreams(nc, [spec]),
  });
  await publish(spec.prefix, 0, 5);
  await waitFor(() => seen.length === 5, { what: 'the first messages' });
  await waitFor(async () => (await unacknowledged(spec.name)) === 0, { what: 'their acknowledgement' });

  await jsm.consumers.delete(spec.name, 'projector');
  await waitFor(() => seen.length === 10, { what: 'the log read again by a new consumer' });

  await jsm.streams.delete(spec.name);
  await waitFor(() => jsm.consumers.info(spec.name, 'projector'), { what: 'stream and consumer made anew' });
  await publish(spec.prefix, 5, 8);
  await waitFor(() => seen.length === 13, { what: 'messages of the new stream' });
  expect(seen.slice(10)).toEqual([5, 6, 7]);
});

it('takes a changed filter over, for what comes after', async () => {
  const { name, prefix } = await newStream();
  const seen: number[] = [];
  const handle: BatchConsumerOptions<Item>['handle'] = (batch) =>
    Promise.resolve(void seen.push(...batch.map(({ value }) => value.n)));
  const before = start(name, handle, { filterSubjects: [`${prefix}.nothing`] });
  await waitFor(() => before.health().status === 'up', { what: 'the first filter' });
  await before.stop();
  const after = start(name, handle, { filterSubjects: [`${prefix}.item`] });
  await waitFor(() => after.health().status === 'up', { what: 'the second filter' });
  await publish(prefix, 0, 3);
  await waitFor(() => seen.length === 3, { what: 'the messages of the new filter' });
});

it('loses nothing when the bus is killed and restarted under load', async () => {
  const { name, prefix } = await newStream();
  const count = 10_000;
  const table = new Set<number>();
  const handle: BatchConsumerOptions<Item>['handle'] = async (batch) => {
    await new Promise((resolve) => setImmediate(resolve));
    for (const { value } of batch) table.add(value.n);
  };
  start(name, handle, { ackWaitMs: 1_000 });
  const sending = publish(prefix, 0, count);
  await waitFor(() => table.size > count * 0.3, { what: 'the load', everyMs: 1 });
  await nats.kill9();
  expect(table.size).toBeLessThan(count);
  await nats.restart();
  await sending;
  await waitFor(() => table.size === count, { what: 'every message in the table' });
  await waitFor(async () => (await unacknowledged(name)) === 0, {
    what: 'every acknowledgement',
  });
});
