import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../logs/logger.js';
import { connectBus } from './connect.js';
import { JS_ERROR } from './publish-error.js';
import { PipelinedPublisher } from './publisher.js';
import { ensureStreams, type StreamSpec } from './streams.js';

const log = createLogger('test', { level: 'silent' });
const stream = (name: string, subject: string, more: Partial<StreamSpec> = {}): StreamSpec => ({
  name,
  subjects: [subject],
  storage: 'file',
  retention: 'limits',
  duplicateWindowMs: 120_000,
  ...more,
});

let nats: TestNats;
let nc: NatsConnection;
let publisher: PipelinedPublisher;

beforeAll(async () => {
  nats = await testNats();
  nc = await connectBus({ url: nats.url, name: 'test', log });
  publisher = new PipelinedPublisher(nc);
});
afterAll(async () => {
  publisher?.close();
  await nc?.close();
  await nats?.stop();
});

describe('acknowledgements', () => {
  beforeAll(() =>
    ensureStreams(nc, [
      stream('ONE', 'one.>'),
      stream('QUEUE', 'queue.*', {
        retention: 'workqueue',
        discard: 'new',
        discardNewPerSubject: true,
        maxMsgsPerSubject: 2,
      }),
    ]),
  );

  it('gives stream and sequence, and says that a repeated id is a duplicate', async () => {
    const first = await publisher.publish('one.a', 'x', { msgId: 'id-1', headers: { 'X-Boo': 'yes' } });
    const again = await publisher.publish('one.a', 'x', { msgId: 'id-1' });
    expect(first).toEqual({ stream: 'ONE', seq: first.seq, duplicate: false });
    expect(again).toEqual({ stream: 'ONE', seq: first.seq, duplicate: true });
    const stored = await (await jetstream(nc).streams.get('ONE')).getMessage({ seq: first.seq });
    expect(stored?.header.get('X-Boo')).toBe('yes');
  });

  it('lets one of two win that expect the same newest sequence, and its repetition is a duplicate', async () => {
    const expectLastSubjectSeq = 0;
    const won = await publisher.publish('one.race', 'a', { msgId: 'race-a', expectLastSubjectSeq });
    await expect(
      publisher.publish('one.race', 'b', { msgId: 'race-b', expectLastSubjectSeq }),
    ).rejects.toMatchObject({
      code: 'wrong_last_sequence',
      isRetryable: false,
      jsErrorCode: JS_ERROR.wrongLastSequence,
    });
    const again = await publisher.publishReliably('one.race', 'a', { msgId: 'race-a', expectLastSubjectSeq });
    expect(again).toEqual({ ...won, duplicate: true });
  });

  it('rejects at once when no stream takes the subject', async () => {
    await expect(publisher.publish('nowhere', 'x')).rejects.toMatchObject({
      code: 'no_stream',
      isRetryable: true,
    });
  });

  it('rejects what the server can never take', async () => {
    await expect(publisher.publish('one.big', new Uint8Array(2 * 1024 * 1024))).rejects.toMatchObject({
      code: 'rejected',
      isRetryable: false,
    });
    await expect(publisher.publish('one.bad subject', 'x')).rejects.toMatchObject({ code: 'rejected' });
  });

  it('tells a full queue by its server code', async () => {
    await publisher.publish('queue.h1', '1');
    await publisher.publish('queue.h1', '2');
    const full = { code: 'rejected', jsErrorCode: JS_ERROR.storeFailed };
    await expect(publisher.publish('queue.h1', '3')).rejects.toMatchObject(full);
    await expect(publisher.publish('queue.h2', '1')).resolves.toMatchObject({ stream: 'QUEUE' });
  });
});

describe('window, time and end', () => {
  it('has no more than its window on the wire, and times out what nobody acknowledges', async () => {
    let arrived = 0;
    const listener = nc.subscribe('silent.>', { callback: () => void arrived++ });
    const small = new PipelinedPublisher(nc, { window: 4, timeoutMs: 400 });
    try {
      const results = Promise.allSettled(Array.from({ length: 10 }, () => small.publish('silent.x', 'x')));
      await waitFor(() => arrived === 4, { what: 'the first window' });
      expect(small.outstanding).toBe(10);
      for (const result of await results) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'timeout', isRetryable: true } });
      }
      expect(arrived).toBe(10);
      await small.drain();
    } finally {
      small.close();
      listener.unsubscribe();
    }
  });

  it('rejects what is outstanding, and all that follows, when closed', async () => {
    const listener = nc.subscribe('silent.>', { callback: () => undefined });
    const short = new PipelinedPublisher(nc, { window: 1 });
    const results = Promise.allSettled([short.publish('silent.x', '1'), short.publish('silent.x', '2')]);
    const drained = short.drain();
    short.close();
    await drained;
    for (const result of await results) expect(result).toMatchObject({ reason: { code: 'closed' } });
    await expect(short.publish('one.a', 'x')).rejects.toMatchObject({ code: 'closed' });
    listener.unsubscribe();
  });

  it('stops retrying when the signal fires', async () => {
    const controller = new AbortController();
    const retrying = publisher.publishReliably('nowhere', 'x', { signal: controller.signal });
    controller.abort();
    await expect(retrying).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('publishReliably', () => {
  it('makes missing streams once for all who miss them, and repairs again after a failed repair', async () => {
    let repairs = 0;
    const repairing = new PipelinedPublisher(nc, {
      onNoStream: async () => {
        repairs++;
        if (repairs === 1) throw new Error('not yet');
        await ensureStreams(nc, [stream('LATE', 'late.>')]);
      },
    });
    try {
      const acks = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          repairing.publishReliably('late.x', String(i), { msgId: `late-${i}` }),
        ),
      );
      expect(new Set(acks.map(({ seq }) => seq)).size).toBe(100);
      expect(repairs).toBeLessThan(10);
    } finally {
      repairing.close();
    }
  });

  it('stores each of 20,000 messages exactly once across kill -9 of the server', async () => {
    await ensureStreams(nc, [stream('LEDGER', 'ledger.>')]);
    const count = 20_000;
    let acknowledged = 0;
    const send = async (i: number): Promise<void> => {
      await publisher.publishReliably('ledger.x', String(i), { msgId: `ledger-${i}` });
      acknowledged++;
    };
    const sending = Promise.all(Array.from({ length: count }, (_, i) => send(i)));
    for (const share of [0.2, 0.6]) {
      await waitFor(() => acknowledged > count * share, { what: `${share} of the messages`, everyMs: 1 });
      await nats.kill9();
      expect(acknowledged).toBeLessThan(count);
      await nats.restart();
    }
    await sending;

    const jsm = await jetstreamManager(nc);
    expect((await jsm.streams.info('LEDGER')).state.messages).toBe(count);
    const consumer = await jetstream(nc).consumers.get('LEDGER', { filter_subjects: 'ledger.>' });
    const seen = new Set<string>();
    for await (const msg of await consumer.consume({ max_messages: 5_000 })) {
      seen.add(msg.string());
      if (msg.info.pending === 0) break;
    }
    expect(seen.size).toBe(count);
  });
});
