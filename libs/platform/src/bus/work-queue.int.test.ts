import { DeadLetterSchema, STREAMS, STREAM, subjects } from '@boocontrol/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createLogger } from '../logs/logger.js';
import { connectBus } from './connect.js';
import { PipelinedPublisher } from './publisher.js';
import { ensureStreams, type StreamSpec } from './streams.js';
import { WorkQueueConsumer, type Work, type WorkQueueOptions } from './work-queue.js';

const log = createLogger('test', { level: 'silent' });
const TaskSchema = z.object({ n: z.int() });
type Task = z.infer<typeof TaskSchema>;

let nats: TestNats;
let nc: NatsConnection;
let publisher: PipelinedPublisher;
let nextQueue = 0;
const started: { stop: () => Promise<void> }[] = [];

beforeAll(async () => {
  nats = await testNats();
  nc = await connectBus({ url: nats.url, name: 'test', log });
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

/** A queue of its own for each test: work for a host goes to `<prefix>.<host>`. */
async function newQueue(): Promise<StreamSpec & { prefix: string }> {
  const prefix = `q${++nextQueue}`;
  const spec: StreamSpec = {
    name: prefix.toUpperCase(),
    subjects: [`${prefix}.*`],
    storage: 'file',
    retention: 'workqueue',
    duplicateWindowMs: 120_000,
  };
  await ensureStreams(nc, [spec]);
  return { ...spec, prefix };
}

/** One replica, on the connection of the test unless it is given another one. */
function worker(
  { name, prefix }: { name: string; prefix: string },
  handle: WorkQueueOptions<Task>['handle'],
  more: Partial<WorkQueueOptions<Task>> = {},
): WorkQueueConsumer<Task> {
  const consumer = new WorkQueueConsumer<Task>({
    nc,
    publisher,
    log,
    origin: 'test',
    stream: name,
    subject: `${prefix}.*`,
    durable: 'test',
    schemaFor: () => TaskSchema,
    handle,
    ackWaitMs: 1_000,
    ...more,
  });
  started.push(consumer);
  consumer.start();
  return consumer;
}

function signal(): { raise: () => void; raised: Promise<void> } {
  let raise = (): void => undefined;
  const raised = new Promise<void>((resolve) => (raise = resolve));
  return { raise: () => raise(), raised };
}

const put = (subject: string, n: number): Promise<unknown> =>
  publisher.publishReliably(subject, JSON.stringify({ n }));

const waiting = async (stream: string): Promise<number> =>
  (await (await jetstreamManager(nc)).streams.info(stream)).state.messages;

it('works each subject in order and one at a time over two replicas, subjects side by side', async () => {
  const queue = await newQueue();
  const done: Record<string, number[]> = { a: [], b: [] };
  const busy = new Map<string, number>();
  let mostOfOne = 0;
  let mostOfAll = 0;
  const bothBusy = signal();
  const handle = async ({ subject, value }: Work<Task>): Promise<void> => {
    const host = subject.slice(-1);
    busy.set(host, (busy.get(host) ?? 0) + 1);
    mostOfOne = Math.max(mostOfOne, busy.get(host) ?? 0);
    mostOfAll = Math.max(mostOfAll, (busy.get('a') ?? 0) + (busy.get('b') ?? 0));
    if (mostOfAll === 2) bothBusy.raise();
    if (value.n === 0) await bothBusy.raised;
    done[host]?.push(value.n);
    busy.set(host, (busy.get(host) ?? 1) - 1);
  };
  for (let n = 0; n < 10; n++) for (const host of ['a', 'b']) await put(`${queue.prefix}.${host}`, n);
  worker(queue, handle);
  worker(queue, handle);
  await waitFor(async () => (await waiting(queue.name)) === 0, { what: 'an empty queue' });
  const inOrder = Array.from({ length: 10 }, (_, n) => n);
  expect(done).toEqual({ a: inOrder, b: inOrder });
  expect(mostOfOne).toBe(1);
  expect(mostOfAll).toBe(2);
});

it('keeps work that takes longer than the wait, and says that another worker’s is a redelivery', async () => {
  const queue = await newQueue();
  const other = await connectBus({ url: nats.url, name: 'other', log });
  const held = signal();
  let heartbeats = 0;
  nc.subscribe(`$JS.ACK.${queue.name}.>`, {
    callback: (_error, msg) => {
      if (msg.string() === '+WPI') heartbeats++;
    },
  });
  const first: boolean[] = [];
  const second: boolean[] = [];
  worker(
    queue,
    async ({ isRedelivered }) => {
      first.push(isRedelivered);
      await held.raised;
    },
    { nc: other },
  );
  await put(`${queue.prefix}.a`, 1);
  await waitFor(() => first.length === 1, { what: 'the first worker to begin' });
  worker(queue, async ({ isRedelivered }) => void second.push(isRedelivered));
  const pending = async (): Promise<number> => {
    const consumer = `test-${queue.prefix}_a`;
    return (await (await jetstreamManager(nc)).consumers.info(queue.name, consumer)).num_redelivered;
  };
  // One each quarter of the wait: ten of them are longer than two waits.
  await waitFor(() => heartbeats >= 10, { what: 'ten heartbeats' });
  expect(await pending()).toBe(0);
  expect(second).toEqual([]);

  await other.close(); // As when its process dies: no heartbeat, no acknowledgement.
  await waitFor(() => second.length === 1, { what: 'the work to come again' });
  expect(second).toEqual([true]);
  expect(first).toEqual([false]);
  held.raise();
});

it('tries again what fails, and gives up what cannot be worked', async () => {
  const queue = await newQueue();
  const attempts: number[] = [];
  worker(
    queue,
    async ({ value }) => {
      attempts.push(value.n);
      if (value.n === 1 && attempts.length < 2) throw new Error('once');
      if (value.n === 2) throw new Error('always');
    },
    { maxAttempts: 2 },
  );
  await put(`${queue.prefix}.a`, 1);
  await put(`${queue.prefix}.a`, 2);
  await publisher.publishReliably(`${queue.prefix}.a`, 'not json');
  await put(`${queue.prefix}.a`, 3);
  await waitFor(async () => (await waiting(queue.name)) === 0, { what: 'an empty queue' });
  expect(attempts).toEqual([1, 1, 2, 2, 3]);
  const jsm = await jetstreamManager(nc);
  const letter = async (code: string) =>
    DeadLetterSchema.parse(
      (await jsm.streams.getMessage(STREAM.dead, { last_by_subj: subjects.dead('test', code) }))?.json(),
    );
  expect(await letter('processing_failed')).toMatchObject({ reason: 'always', attempts: 2 });
  expect(await letter('invalid_json')).toMatchObject({ data: 'not json' });
});

it('goes on after the bus was killed, and with a queue that was made anew', async () => {
  const queue = await newQueue();
  const done: number[] = [];
  const consumer = worker(queue, async ({ value }) => void done.push(value.n), {
    onMissingStream: () => ensureStreams(nc, [queue]),
  });
  await put(`${queue.prefix}.a`, 1);
  await waitFor(() => done.length === 1, { what: 'the first' });
  await nats.kill9();
  await nats.restart();
  await put(`${queue.prefix}.a`, 2);
  await put(`${queue.prefix}.b`, 3);
  await waitFor(() => done.length === 3, { what: 'what came after the restart' });
  await (await jetstreamManager(nc)).streams.delete(queue.name);
  await waitFor(() => put(`${queue.prefix}.a`, 4).then(() => true), { what: 'the queue to be there again' });
  await waitFor(() => done.includes(4), { what: 'work on the new queue' });
  await waitFor(() => consumer.health().status === 'up', { what: 'health' });
});
