import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ListedModel } from '../routing/model-catalog.js';
import { body } from '../testing/facts.js';
import type { TestGateway } from '../testing/gateway.js';
import { CHAT, FakeHost, GOOD_STREAM, stream } from '../testing/inference.js';
import { aModel } from '../testing/routing-world.js';
import { World } from '../testing/world.js';

/** Each has the other as a provider, and the second one a host as well. */
let worlds: World[] = [];
let near: TestGateway;
let far: TestGateway;
let host: FakeHost;

beforeAll(async () => {
  worlds = await Promise.all([World.create(), World.create()]);
  const [one, two] = worlds as [World, World];
  host = await FakeHost.start('tower', (response) => {
    stream(response, GOOD_STREAM);
    response.end();
  });
  [near, far] = await Promise.all([one.gateway(), two.gateway()]);
  const kind = 'boocontrol-gateway';
  await near.call('POST', '/api/providers', { id: 'site', kind, baseUrl: far.url });
  await far.call('POST', '/api/providers', { id: 'home', kind, baseUrl: `${near.url}/v1` });
  await far.call('POST', '/api/providers', { id: 'tower', baseUrl: host.url });
  await known(one, 'site', ['qwen3-8b', 'auto:fast']);
  await known(two, 'home', ['only-here']);
  await known(two, 'tower', ['qwen3-8b']);
  for (const [gateway, model] of [
    [near, 'site/qwen3-8b'],
    [far, 'tower/qwen3-8b'],
  ] as const)
    await waitFor(async () => (await ask(gateway, model)).ok, { what: model });
});
afterAll(async () => {
  await Promise.all(worlds.map((world) => world.stop()));
  await host?.stop();
});

async function known(world: World, providerId: string, models: readonly string[]): Promise<void> {
  const nowMs = Date.now();
  await world.bus.fact('liveness', { ...body('liveness', providerId, 0, nowMs), reason: null });
  const at = instantFromMs(nowMs);
  await world.bus.fact('models', { providerId, at, models: models.map((id) => aModel(id)) });
}

function ask(gateway: TestGateway, model: string, headers: Record<string, string> = {}): Promise<Response> {
  const { url } = gateway;
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ ...CHAT, model }),
    headers,
  });
}

it.each(['site/qwen3-8b', 'qwen3-8b', 'auto', 'site/auto:fast', 'site/tower/qwen3-8b'])(
  '%s goes through both to the host, which is told how many there were and who asked',
  async (model) => {
    const answer = await ask(near, model, { 'x-boo-source': 'arena' });
    expect(await answer.text()).toBe(GOOD_STREAM.join(''));
    expect(answer.headers.get('x-boo-provider')).toBe('site');
    const asked = host.asked.at(-1);
    expect(asked?.url).toBe('/v1/chat/completions');
    expect(asked?.headers).toMatchObject({ 'x-boo-hops': '2', 'x-boo-source': 'arena' });
    expect(JSON.parse(asked?.body.toString() ?? '{}')).toMatchObject({ model: 'qwen3-8b' });
  },
);

it('gateways that point at each other refuse what has gone round and round', async () => {
  const third = await ask(near, 'site/home/site/tower/qwen3-8b');
  const { error } = (await third.json()) as { error: { code: string; message: string } };
  expect([third.status, error.code]).toEqual([508, 'no_candidate']);
  expect(error.message).toMatch(/went through 3 gateways/);
  expect((await ask(far, 'home/site/tower/qwen3-8b')).status).toBe(200);
  expect(host.asked.at(-1)?.headers['x-boo-hops']).toBe('3');
});

it('a gateway is told of what the other one has itself, and not of what that has from a gateway', async () => {
  const ids = async (headers: Record<string, string>): Promise<string[]> => {
    const { body: list } = await far.get<{ data: ListedModel[] }>('/v1/models', headers);
    return list.data.filter(({ policy }) => policy === undefined).map(({ id }) => id);
  };
  expect(await ids({})).toEqual(['only-here', 'qwen3-8b', 'home/only-here', 'tower/qwen3-8b']);
  expect(await ids({ 'x-boo-hops': '1' })).toEqual(['qwen3-8b', 'tower/qwen3-8b']);
});
