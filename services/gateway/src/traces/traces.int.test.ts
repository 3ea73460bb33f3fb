import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Collector, type CollectedSpan } from '../testing/collector.js';
import { body } from '../testing/facts.js';
import type { Reply, TestGateway } from '../testing/gateway.js';
import { FakeHost, GOOD_STREAM, stream } from '../testing/inference.js';
import { aModel } from '../testing/routing-world.js';
import { World } from '../testing/world.js';

/** The whole gateway with a collector behind it. */
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
let world: World;
let collector: Collector;
let gateway: TestGateway;
let host: FakeHost;

beforeAll(async () => {
  collector = await Collector.start();
  world = await World.create();
  gateway = await world.gateway({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=hush-hush',
  });
  host = await FakeHost.start('tower', (response) => {
    stream(response, GOOD_STREAM);
    response.end();
  });
  await gateway.call('POST', '/api/providers', { id: 'tower', baseUrl: host.url });
  const nowMs = Date.now();
  await world.bus.fact('liveness', { ...body('liveness', 'tower', 0, nowMs), reason: null });
  await world.bus.fact('models', {
    providerId: 'tower',
    at: instantFromMs(nowMs),
    models: [aModel('qwen3-8b')],
  });
  await waitFor(async () => (await gateway.get('/v1/models/qwen3-8b')).status === 200, { what: 'the fleet' });
});
afterAll(async () => {
  await host?.stop();
  await world?.stop();
  await collector?.stop();
});

const ask = (headers: Record<string, string>): Promise<Reply> => {
  const messages = [{ role: 'user', content: 'a very private question' }];
  return gateway.call(
    'POST',
    '/v1/chat/completions',
    { model: 'auto:fast', stream: true, messages },
    headers,
  );
};
const spansOf = (id: string | null): CollectedSpan[] => {
  const request = collector.spans.find(({ attributes }) => attributes['boocontrol.request.id'] === id);
  const below = collector.spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId);
  return request === undefined ? [] : [request, ...below];
};

it('a request and its attempt are spans in the client’s trace, and the host is handed the attempt’s', async () => {
  const { headers } = await ask({
    traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
    'x-boo-source': 'opencode',
  });
  const id = headers.get('x-request-id');
  const [request, attempt] = await waitFor(() => (spansOf(id).length === 2 ? spansOf(id) : null), {
    what: 'the spans',
    timeoutMs: 30_000,
  });
  expect(request).toMatchObject({
    traceId: TRACE,
    parentSpanId: '00f067aa0ba902b7',
    name: 'chat auto:fast',
    attributes: { 'boocontrol.consumer': 'opencode', 'boocontrol.outcome': 'succeeded' },
  });
  expect(attempt).toMatchObject({
    traceId: TRACE,
    name: 'chat qwen3-8b',
    attributes: { 'boocontrol.host': 'tower', 'server.address': '127.0.0.1' },
  });
  expect(host.asked.at(-1)?.headers['traceparent']).toBe(`00-${TRACE}-${attempt?.spanId}-01`);
});

it('what was asked and answered, and what opens the collector, is told to nobody', async () => {
  await waitFor(() => collector.requests.length > 0, { what: 'a batch', timeoutMs: 30_000 });
  expect(collector.requests[0]?.headers['api-key']).toBe('hush-hush');
  const told = collector.requests.map((request) => request.body).join('');
  for (const secret of ['private question', 'wörld', 'hush-hush']) expect(told).not.toContain(secret);
  expect(gateway.service.output()).not.toContain('hush-hush');
});

it('a trace that its client does not keep is handed on and not told', async () => {
  const before = host.asked.length;
  await ask({ traceparent: `00-${TRACE}-00f067aa0ba902b7-00` });
  const { headers } = await ask({});
  const id = headers.get('x-request-id');
  await waitFor(() => spansOf(id).length === 2, { what: 'the later request', timeoutMs: 30_000 });
  expect(host.asked[before]?.headers['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  expect(collector.spans.filter(({ traceId }) => traceId === TRACE).length).toBe(2);
});

it('requests are answered while the collector says nothing or is away', async () => {
  collector.answer = null;
  expect((await ask({})).status).toBe(200);
  await collector.stop();
  expect((await ask({})).status).toBe(200);
});
