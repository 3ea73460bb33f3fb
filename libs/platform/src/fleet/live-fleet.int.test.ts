import { calls, STREAM, subjects, type Fact, type Request, type Seed } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectBus } from '../bus/connect.js';
import { JetStreamSetup } from '../bus/jetstream-setup.js';
import { PipelinedPublisher } from '../bus/publisher.js';
import { baseConfig, loadConfig, type BaseConfig } from '../config/config.js';
import { createLogger } from '../logs/logger.js';
import { answerCall } from '../rpc/serve.js';
import { startService, type RunningService } from '../service/start-service.js';
import { LiveFleet } from './live-fleet.js';
import { LiveFleetModule } from './live-fleet.module.js';

let nats: TestNats;
let nc: NatsConnection;
let publisher: PipelinedPublisher;
let service: RunningService<BaseConfig> | undefined;
let live: LiveFleet;
let told: Fact[];
let rebuilt: number;

beforeEach(async () => {
  nats = await testNats();
  nc = await connectBus({ url: nats.url, name: 'test', log: createLogger('test', { level: 'silent' }) });
  await new JetStreamSetup(nc).ensure();
  publisher = new PipelinedPublisher(nc);
});
afterEach(async () => {
  await service?.stop();
  publisher.close();
  await nc.close();
  await nats.stop();
});

async function follow(): Promise<void> {
  const config = loadConfig(baseConfig, { NATS_URL: nats.url, LOG_LEVEL: 'silent' });
  service = await startService({ name: 'follower', config, module: LiveFleetModule });
  live = service.app.get(LiveFleet);
  told = [];
  rebuilt = 0;
  live.onFact((fact) => told.push(fact));
  live.onRebuilt(() => rebuilt++);
  await waitFor(() => live.state !== null, { what: 'the first rebuild' });
}

const at = instantFromMs(Date.now());
const publish = async (kind: 'inflight' | 'request', body: object): Promise<number> =>
  (await publisher.publishReliably(subjects.fact('tower', kind), JSON.stringify(body))).seq;
const inflight = (total: number): Promise<number> =>
  publish('inflight', { providerId: 'tower', at, total, requests: [] });
const request = (entryId: number): Request => ({
  providerId: 'tower',
  at,
  entryId,
  ts: at,
  endedAt: at,
  model: 'qwen3-8b',
  source: 'boochat',
  reqPath: '/v1/chat/completions',
  respContentType: null,
  statusCode: 200,
  durationMs: 10,
  cacheTokens: null,
  inputTokens: 1,
  outputTokens: 1,
  draftTokens: null,
  draftAcceptedTokens: null,
  promptTps: null,
  genTps: null,
  hasCapture: false,
  errorMsg: null,
});

/** What fleet-state would say: one host of whose requests only the tables know. */
const answerSeed = (recent: Request[]): void => {
  const host: Seed['hosts'][number] = {
    providerId: 'tower',
    models: [{ model: 'qwen3-8b', state: 'ready', ts: at }],
    lastEndByModel: { 'qwen3-8b': at },
    recent,
    perf: null,
    gap: null,
  };
  answerCall(nc, calls.seed, {}, () => ({ hosts: [host] }));
};
const tower = () => live.state?.hosts['tower'];
const counted = (): number => (tower()?.requests.buckets ?? []).reduce((sum, one) => sum + one.requests, 0);
const untilInflight = (total: number): Promise<unknown> =>
  waitFor(() => tower()?.inflight?.total === total, {
    what: `${total} requests under way`,
  });

it('begins with the newest of the log and what only the tables know, and goes on from there', async () => {
  answerSeed([]);
  await inflight(1);
  await inflight(2);
  await publish('request', request(1));
  await follow();
  await waitFor(() => live.trouble === null, { what: 'the log to be followed' });
  expect(tower()?.inflight?.total).toBe(2);
  expect(tower()?.models).toMatchObject([{ id: 'qwen3-8b', state: 'ready' }]);
  expect(counted()).toBe(1);
  const seqs = [await inflight(3), await publish('request', request(2)), await inflight(4)];
  await publisher.publishReliably(subjects.fact('tower', 'inflight'), 'not json');
  seqs.push(await inflight(5));
  await untilInflight(5);
  expect(told.map(({ seq }) => seq)).toEqual(seqs);
  expect(counted()).toBe(2);
});

it('says that the tables have not told, and has them as soon as they do, each request once', async () => {
  await follow();
  const isTold = (): boolean => live.trouble?.includes('fleet-state has not told') === true;
  await waitFor(isTold, { what: 'the trouble to be the tables, not the log' });
  expect(tower()).toBeUndefined();
  await waitFor(() => rebuilt > 0, { what: 'the listeners to hear of the log' });
  const before = rebuilt;
  answerSeed([request(1)]);
  await waitFor(() => live.trouble === null, { what: 'what the tables know' });
  await waitFor(() => rebuilt > before, { what: 'the listeners to hear of the tables' });
  expect(counted()).toBe(1);
  await publish('request', request(1));
  await publish('request', request(2));
  await inflight(1);
  await untilInflight(1);
  expect(counted()).toBe(2);
  expect(told).toHaveLength(2);
});

it('loses nothing and repeats nothing when the bus is killed, and begins anew on a wiped one', async () => {
  answerSeed([]);
  await follow();
  await inflight(1);
  await untilInflight(1);
  const epoch = live.state?.epoch;
  await nats.kill9();
  expect(tower()?.inflight?.total).toBe(1);
  await nats.restart();
  for (const total of [2, 3, 4]) await inflight(total);
  await untilInflight(4);
  const totals = told.map(({ body }) => ('total' in body ? body.total : null));
  expect(totals).toEqual([1, 2, 3, 4]);
  expect(live.state?.epoch).toBe(epoch);
  await (await jetstreamManager(nc)).streams.delete(STREAM.fleet);
  await waitFor(() => live.state?.epoch !== epoch, { what: 'another epoch' });
  await inflight(9);
  await untilInflight(9);
  expect(live.trouble).toBe(null);
});
