import { DIRECT, RouteFactSchema, STREAM, subjects, type RouteFact } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { body } from '../testing/facts.js';
import type { TestGateway } from '../testing/gateway.js';
import { CHAT, FakeHost, FRAMES, GOOD_STREAM, stream } from '../testing/inference.js';
import { aModel } from '../testing/routing-world.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;
let host: FakeHost;
let isEndless = false;

beforeAll(async () => {
  world = await World.create();
  host = await FakeHost.start('tower', (response) => {
    stream(response, isEndless ? [FRAMES.role, FRAMES.text('for ever')] : GOOD_STREAM);
    if (!isEndless) response.end();
  });
  gateway = await world.gateway({ SHUTDOWN_MS: '2000' });
  await gateway.call('POST', '/api/providers', { id: 'tower', baseUrl: host.url });
  const nowMs = Date.now();
  await world.bus.fact('liveness', { ...body('liveness', 'tower', 0, nowMs), reason: null });
  await world.bus.fact('models', {
    providerId: 'tower',
    at: instantFromMs(nowMs),
    models: [aModel('qwen3-8b')],
  });
  await waitFor(async () => (await ask('auto')).ok, { what: 'the fleet' });
});
afterAll(async () => {
  await world?.stop();
  await host?.stop();
});

function ask(model: string): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ ...CHAT, model }),
  });
}

it.each(['auto', 'auto:code', 'qwen3-8b', 'tower/qwen3-8b'])(
  '%s is answered by the host, and recorded',
  async (model) => {
    const answer = await ask(model);
    expect(await answer.text()).toBe(GOOD_STREAM.join(''));
    expect(answer.headers.get('x-boo-provider')).toBe('tower');
    const id = answer.headers.get('x-request-id') ?? '';
    const { body: fact } = await waitFor(
      async () => {
        const reply = await gateway.get<RouteFact>(`/api/routing/dispatches/${id}`);
        return reply.status === 200 ? reply : null;
      },
      { what: 'the record' },
    );
    expect(RouteFactSchema.parse(fact)).toMatchObject({
      id,
      asked: model,
      outcome: 'succeeded',
      attempts: [{ providerId: 'tower', model: 'qwen3-8b' }],
    });
  },
);

it('what nobody has is told as that', async () => {
  const answer = await ask('tower/nothing');
  expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'model_not_found' } }]);
});

it('a stream that is under way when the gateway is told to stop ends with an error, and its record is on the log', async () => {
  isEndless = true;
  const answer = await ask('tower/qwen3-8b');
  const id = answer.headers.get('x-request-id') ?? '';
  const [text] = await Promise.all([answer.text(), gateway.service.stop()]);
  expect(text.startsWith(FRAMES.role + FRAMES.text('for ever'))).toBe(true);
  expect(text).toContain('shutting down');
  expect(text).not.toContain('[DONE]');
  const last = await world.bus.jsm.streams.getMessage(STREAM.routes, {
    last_by_subj: subjects.route(DIRECT),
  });
  expect(last?.json()).toMatchObject({ id, outcome: 'incomplete', error: { code: 'internal' } });
});
