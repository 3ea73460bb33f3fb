import {
  RouteFactSchema,
  type ApiKey,
  type CreatedApiKey,
  type DispatchesPage,
  type Explain,
  type RouteFact,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { body } from '../testing/facts.js';
import type { Reply, TestGateway } from '../testing/gateway.js';
import { FakeHost } from '../testing/inference.js';
import { aModel } from '../testing/routing-world.js';
import { World } from '../testing/world.js';

/** The whole gateway: a key, requests with it to /v1, and what is said of them afterwards. */
let world: World;
let gateway: TestGateway;
let host: FakeHost;
let promptTokens = 60;

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway();
  await waitFor(async () => (await gateway.get('/api/keys')).status === 200, { what: 'the database' });
  host = await FakeHost.start('tower', (response) => {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: promptTokens, completion_tokens: 50, total_tokens: 110 },
      }),
    );
  });
  await gateway.call('POST', '/api/providers', { id: 'tower', baseUrl: host.url });
  const nowMs = Date.now();
  await world.bus.fact('liveness', { ...body('liveness', 'tower', 0, nowMs), reason: null });
  await world.bus.fact('models', {
    providerId: 'tower',
    at: instantFromMs(nowMs),
    models: [aModel('qwen3-8b'), aModel('llama-3')],
  });
  await waitFor(async () => (await ask('tower/qwen3-8b')).status === 200, {
    what: 'the fleet',
  });
});
afterAll(async () => {
  await host?.stop();
  await world?.stop();
});

function ask(model: string, key?: string, content = 'hello'): Promise<Reply> {
  const asked = { model, messages: [{ role: 'user', content }] };
  return gateway.call(
    'POST',
    '/v1/chat/completions',
    asked,
    key === undefined ? {} : { authorization: `Bearer ${key}` },
  );
}
async function make(input: object): Promise<CreatedApiKey> {
  return (await gateway.call<CreatedApiKey>('POST', '/api/keys', { name: 'x', label: 'laptop', ...input }))
    .body;
}
const recordOf = async ({ headers }: Reply): Promise<RouteFact> => {
  const { body: fact } = await gateway.get(`/api/routing/dispatches/${headers.get('x-request-id')}`);
  return RouteFactSchema.parse(fact);
};

it('a request is told of at once by its id, soon in the list, and its tokens are its key’s', async () => {
  const { apiKey, key } = await make({});
  const reply = await ask('auto:code', key);
  expect(reply.status).toBe(200);
  const fact = await waitFor(() => recordOf(reply).catch(() => null), { what: 'the record' });
  expect(fact).toMatchObject({
    keyId: apiKey.id,
    source: 'laptop',
    policy: { name: 'code' },
    outcome: 'succeeded',
    promptTokens: 60,
    outputTokens: 50,
    attempts: [{ providerId: 'tower', outcome: 'answered' }],
  });
  const list = async (): Promise<RouteFact[]> =>
    (await gateway.get<DispatchesPage>('/api/routing/dispatches?policy=code')).body.dispatches;
  await waitFor(async () => (await list()).length === 1, { what: 'the row' });
  expect(await list()).toEqual([fact]);
  const { keys } = (await gateway.get<{ keys: ApiKey[] }>('/api/keys')).body;
  expect(keys.find(({ id }) => id === apiKey.id)).toMatchObject({
    tokensThisMonth: 110,
    lastUsedAt: fact.at,
  });
});

it('a key opens its own models and policies alone, also where a policy would choose', async () => {
  const { key } = await make({ models: ['llama*'], policies: ['direct', 'fast'] });
  expect((await ask('tower/llama-3', key)).status).toBe(200);
  const forbidden = await ask('tower/qwen3-8b', key);
  expect([forbidden.status, forbidden.error?.code]).toEqual([403, 'key_forbidden']);
  const before = host.asked.length;
  const chosen = await ask('auto:fast', key);
  expect([chosen.status, chosen.headers.get('x-boo-model')]).toEqual([200, 'llama-3']);
  expect((await ask('auto:code', key)).status).toBe(403);
  expect(host.asked.length).toBe(before + 1);
});

it('limits hold at the port, and what was refused is recorded too', async () => {
  const { key } = await make({ requestsPerMinute: 1 });
  expect((await ask('tower/qwen3-8b', key)).status).toBe(200);
  const limited = await ask('tower/qwen3-8b', key);
  expect([limited.status, limited.error?.code]).toEqual([429, 'rate_limited']);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await waitFor(() => recordOf(limited).catch(() => null), { what: 'the record' })).toMatchObject({
    outcome: 'refused',
    error: { code: 'rate_limited' },
    attempts: [],
  });
});

it('on this machine no key is needed, and a wrong one is refused all the same', async () => {
  expect((await ask('tower/qwen3-8b')).status).toBe(200);
  expect((await ask('tower/qwen3-8b', 'none')).status).toBe(200);
  expect((await ask('tower/qwen3-8b', 'boo_wrong')).status).toBe(401);
});

it('how many tokens a body has is learned from the answers', async () => {
  const asked = { body: { model: 'auto', messages: [{ role: 'user', content: 'x'.repeat(60_000) }] } };
  const explain = async (): Promise<Explain> =>
    (await gateway.call<Explain>('POST', '/api/routing/explain', asked)).body;
  expect((await explain()).choice).not.toBe(null);
  promptTokens = 1_000;
  for (let n = 0; n < 5; n++) await ask('tower/llama-3', undefined, 'x'.repeat(1_200));
  const { candidates } = await waitFor(
    async () => {
      const told = await explain();
      return told.candidates.some(({ filter }) => filter === 'context_too_long') ? told : null;
    },
    { what: 'the measured size to count' },
  );
  expect(candidates.find(({ filter }) => filter !== null)?.model).toBe('llama-3');
});

it('a conversation without a name of a session stays with the host that has read its beginning', async () => {
  const asked = { body: { model: 'auto', messages: [{ role: 'user', content: 'y'.repeat(1_200) }] } };
  const affinities = async (): Promise<(number | undefined)[]> => {
    const { body: told } = await gateway.call<Explain>('POST', '/api/routing/explain', asked);
    return told.candidates.map(({ terms }) => terms?.affinity);
  };
  expect(await affinities()).toEqual([0, 0]);
  const { headers } = await ask('auto', undefined, 'y'.repeat(1_200));
  await waitFor(async () => (await affinities()).includes(1), { what: 'the beginning to be known' });
  const { body: told } = await gateway.call<Explain>('POST', '/api/routing/explain', asked);
  expect(told.candidates.find(({ terms }) => terms?.affinity === 1)?.model).toBe(headers.get('x-boo-model'));
});
