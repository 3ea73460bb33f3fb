import { BUCKET, ProviderSchema, subjects, type LeaseEntry, type Request } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { Kvm } from '@nats-io/kv';
import { prometheusPrograms, promtool, waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { body } from '../testing/facts.js';
import type { TestGateway } from '../testing/gateway.js';
import { FakeHost, FRAMES, stream } from '../testing/inference.js';
import { aModel } from '../testing/routing-world.js';
import { World } from '../testing/world.js';
import { seriesOf, type Series } from '../testing/series.js';

/** The gateway's /metrics: what is counted, once, and what bounds it. */
let world: World;
let gateway: TestGateway;
let host: FakeHost;
let startedMs: number;

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway();
  startedMs = Date.now();
  host = await FakeHost.start('tower', (response, { headers }) => {
    if (headers['x-fail'] !== undefined) return void response.writeHead(500).end('{}');
    const usage = { prompt_n: 40, cache_n: 60, predicted_n: 3 };
    const last = FRAMES.finish.replace('"choices"', `"timings":${JSON.stringify(usage)},"choices"`);
    stream(response, [FRAMES.role, FRAMES.text('a'), FRAMES.text('b'), last, FRAMES.done]);
    response.end();
  });
  await gateway.call('POST', '/api/providers', { id: 'tower', baseUrl: host.url });
  await world.bus.fact('liveness', { ...body('liveness', 'tower', 0, startedMs), reason: null });
  await world.bus.fact('models', {
    providerId: 'tower',
    at: instantFromMs(startedMs),
    models: [aModel('qwen3-8b'), aModel('llama-3', { state: 'stopped' })],
  });
  await waitFor(async () => (await gateway.get('/v1/models/qwen3-8b')).status === 200, { what: 'the fleet' });
});
afterAll(async () => {
  await host?.stop();
  await world?.stop();
});

const ask = (model: string, headers: Record<string, string> = {}): Promise<{ headers: Headers }> =>
  gateway.call('POST', '/v1/chat/completions', { model, stream: true, messages: [] }, headers);
const series = async (name: string): Promise<Series[]> =>
  seriesOf((await gateway.get<string>('/metrics')).body, name);
const value = async (name: string, labels: Record<string, string>): Promise<number> =>
  (await series(name))
    .filter((each) => Object.entries(labels).every(([label, wanted]) => each.labels[label] === wanted))
    .reduce((sum, each) => sum + each.value, 0);
let entryId = 0;
async function row(differs: Partial<Request>): Promise<void> {
  const nowMs = Date.now();
  await world.bus.fact('request', {
    ...body('request', 'tower', entryId++, nowMs),
    model: 'qwen3-8b',
    statusCode: 200,
    ...differs,
  });
}

it('a request through /v1 is counted by its record, and the host’s row of it is not counted again', async () => {
  const reply = await ask('auto:fast', { 'x-boo-source': 'opencode' });
  const id = reply.headers.get('x-request-id') ?? '';
  await row({ dispatchId: id, source: 'opencode' });
  await row({
    dispatchId: null,
    source: 'arena',
    cacheTokens: 5,
    inputTokens: 7,
    outputTokens: 2,
    genTps: 50,
  });
  const through = {
    host: 'tower',
    model: 'qwen3-8b',
    policy: 'fast',
    consumer: 'opencode',
    outcome: 'succeeded',
  };
  const direct = { ...through, policy: 'none', consumer: 'arena' };
  await waitFor(async () => (await value('boocontrol_requests_total', direct)) === 1, {
    what: 'the direct row',
  });
  expect(await value('boocontrol_requests_total', through)).toBe(1);
  expect(await value('boocontrol_requests_total', {})).toBe(2);
  expect(await value('boocontrol_cached_tokens_total', { host: 'tower' })).toBe(65);
  expect(await value('boocontrol_ttft_seconds_count', { model: 'qwen3-8b' })).toBe(1);
  expect(await value('boocontrol_tpot_seconds_count', { model: 'qwen3-8b' })).toBe(2);
  expect(await value('boocontrol_queue_seconds_count', { host: 'tower' })).toBe(1);
});

it('failed attempts, breakers, loads, leases, GPUs and hosts are told', async () => {
  await ask('tower/qwen3-8b', { 'x-fail': '1' });
  await waitFor(async () => (await value('boocontrol_requests_total', { outcome: 'failed' })) === 1, {
    what: 'the failed request',
  });
  expect(await value('boocontrol_breaker_state', { host: 'tower', model: 'qwen3-8b' })).toBe(0);
  expect((await series('boocontrol_breaker_state')).length).toBe(1);
  const base = Date.now();
  const change = {
    ...body('model-changed', 'tower', 0),
    model: 'llama-3',
    failed: false,
    observed: 'live' as const,
  };
  await world.bus.fact('model-changed', {
    ...change,
    at: instantFromMs(base),
    from: 'stopped',
    to: 'starting',
  });
  await world.bus.fact('model-changed', {
    ...change,
    at: instantFromMs(base + 1_500),
    from: 'starting',
    to: 'ready',
  });
  const gpu = { id: 0, name: 'RTX', uuid: '', vramTempC: null, memUtilPct: null, fanPct: null };
  const readings = { tempC: 61, utilPct: 42, memUsedMb: 1, memTotalMb: 2, powerW: null };
  const perf = { ...body('perf', 'tower', 0, base), gpus: [{ ...gpu, ...readings }] };
  await world.bus.fact('perf', perf);
  await world.bus.fact('perf', { ...perf, gpus: null });
  const kv = await new Kvm(world.bus.nc).open(BUCKET.hostLeases);
  const entry: LeaseEntry = {
    leaseId: 'tower.abcdefgh',
    providerId: 'tower',
    holder: 'anna',
    purpose: 'bench: speed',
    source: 'anna',
    acquiredAt: instantFromMs(base),
    expectedUntil: null,
    fencingToken: null,
    takenOverFrom: null,
    takenOverBy: null,
    endedBy: null,
  };
  const held = (): Promise<number> => value('boocontrol_lease_held', { host: 'tower' });
  expect(await held()).toBe(0);
  await kv.put('tower', JSON.stringify(entry));
  await waitFor(async () => (await held()) === 1, { what: 'the lease' });
  await waitFor(async () => (await value('boocontrol_swaps_total', { result: 'ready' })) === 1, {
    what: 'the load',
  });
  expect(await value('boocontrol_load_seconds_sum', { model: 'llama-3' })).toBeCloseTo(1.5, 3);
  await waitFor(async () => (await series('boocontrol_gpu_temperature_celsius')).length === 1, {
    what: 'the GPU',
  });
  expect(await series('boocontrol_gpu_utilization_ratio')).toEqual([
    { labels: { host: 'tower', gpu: '0' }, value: 0.42 },
  ]);
  expect(await value('boocontrol_gpu_memory_total_bytes', {})).toBe(2 * 1_048_576);
  expect(await series('boocontrol_gpu_power_watts')).toEqual([]);
  expect(await value('boocontrol_hosts', { state: 'connected' })).toBe(1);
  expect(await value('boocontrol_host_up', { host: 'tower' })).toBe(1);
  expect(await value('boocontrol_models_loaded', { host: 'tower' })).toBe(2);
});

it('is clean by promtool', async ({ skip, annotate }) => {
  const programs = await prometheusPrograms();
  if ('missing' in programs) {
    await annotate(`left out: ${programs.missing}`);
    return skip(programs.missing);
  }
  const { body: text } = await gateway.get<string>('/metrics');
  expect(await promtool(programs, ['check', 'metrics'], text)).toEqual({ code: 0, said: '' });
});

it(
  '1,000 hosts and 10,000 made-up names of models and consumers do not grow it without end',
  { timeout: 240_000 },
  async () => {
    const total = (): Promise<number> => value('boocontrol_requests_total', {});
    const before = await total();
    const kv = await new Kvm(world.bus.nc).open(BUCKET.providers);
    const nowMs = Date.now();
    const at = instantFromMs(nowMs);
    const ids = Array.from({ length: 1_000 }, (_, n) => `host-${n}`);
    const publish = (subject: string, value: object): Promise<unknown> =>
      world.bus.js.publish(subject, JSON.stringify(value));
    const register = async (id: string): Promise<void> => {
      const provider = { id, kind: 'llama-swap', baseUrl: 'http://10.0.0.1:8000', label: id, enabled: true };
      const entry = { ...provider, tags: [], origin: 'api', createdAt: at, updatedAt: at };
      await kv.put(id, JSON.stringify(ProviderSchema.parse(entry)));
      const models = Array.from({ length: 10 }, (_, n) => aModel(`${id}-model-${n}`));
      await publish(subjects.fact(id, 'liveness'), { ...body('liveness', id, 0, nowMs), reason: null });
      await publish(subjects.fact(id, 'models'), { providerId: id, at, models });
    };
    for (let n = 0; n < ids.length; n += 100) await Promise.all(ids.slice(n, n + 100).map(register));
    for (let n = 0; n < 10_000; n += 100) {
      const some = Array.from({ length: 100 }, (_, i) => n + i);
      await Promise.all(
        some.map((i) => {
          const providerId = `host-${i % 1_000}`;
          const model = i % 2 === 0 ? `${providerId}-model-${Math.floor(i / 1_000)}` : `made-up-${i}`;
          const source = `consumer-${i}`;
          const made = {
            ...body('request', providerId, i, Date.now()),
            model,
            source,
            dispatchId: null,
            statusCode: 200,
          };
          return publish(subjects.fact(providerId, 'request'), made);
        }),
      );
      await Promise.all(some.slice(0, 10).map((i) => ask(`made-up-${i}`, { 'x-boo-source': `client-${i}` })));
    }
    await waitFor(async () => (await total()) >= before + 11_000, {
      what: 'all of them to be counted',
    });
    const { body: text } = await gateway.get<string>('/metrics');
    expect(seriesOf(text, 'boocontrol_requests_total').length).toBeLessThanOrEqual(5_000 + 51 * 5);
    expect(seriesOf(text, 'boocontrol_hosts').reduce((sum, each) => sum + each.value, 0)).toBe(1_001);
    expect(text).not.toContain('made-up');
    const lines = text.split('\n').length;
    expect(lines).toBeLessThan(25_000);
    expect(await value('boocontrol_requests_total', { host: 'none', model: 'other' })).toBe(1_000);
  },
);
