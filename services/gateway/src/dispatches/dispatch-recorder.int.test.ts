import { STREAM, subjects, type RouteFact } from '@boocontrol/contracts';
import { connectBus, PipelinedPublisher } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import { idOf } from '../testing/actions.js';
import { TestBus } from '../testing/bus.js';
import { quiet } from '../testing/records.js';
import { refusedFact, routeFact } from '../testing/routes.js';
import { DispatchRecorder } from './dispatch-recorder.js';

let nats: TestNats;
let bus: TestBus;
let nc: NatsConnection;
let publisher: PipelinedPublisher;
let recorder: DispatchRecorder;
let said: string[];

beforeEach(async () => {
  nats = await testNats();
  bus = await TestBus.open(nats.url);
  nc = await connectBus({ url: nats.url, name: 'recorder', log: quiet });
  publisher = new PipelinedPublisher(nc, { timeoutMs: 500 });
  said = [];
  const log = Object.assign(Object.create(quiet) as typeof quiet, {
    warn: (_: unknown, text: string) => said.push(text),
    error: (_: unknown, text: string) => said.push(text),
  });
  recorder = new DispatchRecorder(publisher, nc, log);
});
afterEach(async () => {
  await recorder.onApplicationShutdown();
  publisher.close();
  await nc.close();
  await bus.close();
  await nats.stop();
});

async function onTheLog(): Promise<RouteFact[]> {
  const { state } = await bus.jsm.streams.info(STREAM.routes);
  const facts: RouteFact[] = [];
  const consumer = await bus.js.consumers.get(STREAM.routes);
  if (state.messages === 0) return [];
  const messages = await consumer.fetch({ max_messages: state.messages });
  for await (const message of messages) facts.push(message.json<RouteFact>());
  return facts;
}
const untilTaken = (): Promise<boolean> =>
  waitFor(() => recorder.outstanding === 0, { what: 'everything on the log' });

it('brings each to the subject of its policy, once, under its id', async () => {
  recorder.record(routeFact(1));
  recorder.record(routeFact(1));
  recorder.record(refusedFact(2));
  await untilTaken();
  expect(await onTheLog()).toEqual([routeFact(1), refusedFact(2)]);
  const [first, second] = [
    await bus.jsm.streams.getMessage(STREAM.routes, { seq: 1 }),
    await bus.jsm.streams.getMessage(STREAM.routes, { seq: 2 }),
  ];
  expect([first?.subject, second?.subject]).toEqual([subjects.route('code'), subjects.route('direct')]);
  expect(first?.header.get('Nats-Msg-Id')).toBe(idOf(1));
  expect(recorder.recent.find(idOf(2))).toEqual(refusedFact(2));
});

it('keeps a bounded number while the bus is away, drops the oldest, and says how many', async () => {
  await nats.kill9();
  for (let n = 0; n < 12_000; n++) recorder.record(routeFact(n));
  expect(recorder.outstanding).toBeLessThanOrEqual(10_200);
  expect(recorder.outstanding).toBeGreaterThanOrEqual(10_000);
  const kept = recorder.outstanding;
  await nats.restart();
  await bus.prepare();
  await untilTaken();
  const ids = (await onTheLog()).map(({ id }) => id);
  expect([ids.length, new Set(ids).size]).toEqual([kept, kept]);
  // Those under way when the bus went, and the newest.
  expect(ids).toContain(idOf(11_999));
  expect(ids.filter((id) => id >= idOf(2_000)).length).toBe(10_000);
  const told = said.flatMap((text) => /^(\d+) records/.exec(text)?.[1] ?? []).map(Number);
  expect(told.reduce((sum, n) => sum + n, 0)).toBe(12_000 - kept);
});

it('keeps a bounded size of them', async () => {
  await nats.kill9();
  const large = 'x'.repeat(500_000);
  for (let n = 0; n < 400; n++) recorder.record(routeFact(n, { asked: large }));
  expect(recorder.outstanding).toBeLessThan(128 + 70);
  await nats.restart();
});

it('lets nothing be lost when the process ends in order', async () => {
  for (let n = 0; n < 3_000; n++) recorder.record(routeFact(n));
  await recorder.onApplicationShutdown();
  expect((await onTheLog()).length).toBe(3_000);
  expect(said).toEqual([]);
});

it('says what is lost when it ends without the bus, and does not wait long for it', async () => {
  await nats.kill9();
  for (let n = 0; n < 300; n++) recorder.record(routeFact(n));
  // Were it to wait for the bus, which is not coming back by itself, this would not come to an end.
  await recorder.onApplicationShutdown();
  await untilTaken();
  await recorder.onApplicationShutdown();
  const told = said.flatMap((text) => /^(\d+) records/.exec(text)?.[1] ?? []).map(Number);
  expect(told.reduce((sum, n) => sum + n, 0)).toBe(300);
  await nats.restart();
});

it('goes on after a fact that the bus refuses', async () => {
  recorder.record(routeFact(1, { asked: 'x'.repeat(2_000_000) }));
  recorder.record(routeFact(2));
  await untilTaken();
  expect((await onTheLog()).map(({ id }) => id)).toEqual([idOf(2)]);
  expect(said.some((text) => text.includes('refused'))).toBe(true);
});
