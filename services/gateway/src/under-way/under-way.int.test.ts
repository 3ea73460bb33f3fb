import { RoutingStateSchema, type RouteFact, type RoutingState } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { idOf } from '../testing/actions.js';
import { TestBrowser } from '../testing/browser.js';
import { body } from '../testing/facts.js';
import type { TestGateway } from '../testing/gateway.js';
import { CHAT, FakeHost, FRAMES, GOOD_STREAM, stream } from '../testing/inference.js';
import { aModel } from '../testing/routing-world.js';
import { World } from '../testing/world.js';

let world: World;
let host: FakeHost;
let one: TestGateway;
let other: TestGateway;
let isEndless = false;
let browsers: TestBrowser[] = [];

async function ask(of: TestGateway): Promise<Response> {
  return fetch(`${of.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ ...CHAT, model: 'auto' }),
  });
}
const untilServes = (of: TestGateway): Promise<boolean> =>
  waitFor(
    async () => {
      const answer = await ask(of);
      await answer.text();
      return answer.ok;
    },
    { what: 'a gateway that serves' },
  );

beforeAll(async () => {
  world = await World.create();
  host = await FakeHost.start('tower', (response) => {
    stream(response, isEndless ? [FRAMES.role, FRAMES.text('for ever')] : GOOD_STREAM);
    if (!isEndless) response.end();
  });
  [one, other] = await Promise.all([
    world.gateway({ SERVICE_INSTANCE: 'one' }),
    world.gateway({ SERVICE_INSTANCE: 'other' }),
  ]);
  await one.call('POST', '/api/providers', { id: 'tower', baseUrl: host.url });
  const nowMs = Date.now();
  await world.bus.fact('liveness', { ...body('liveness', 'tower', 0, nowMs), reason: null });
  await world.bus.fact('models', {
    providerId: 'tower',
    at: instantFromMs(nowMs),
    models: [aModel('qwen3-8b')],
  });
  await Promise.all([untilServes(one), untilServes(other)]);
});
afterEach(() => {
  for (const browser of browsers) browser.close();
  [browsers, isEndless] = [[], false];
});
afterAll(async () => {
  await world?.stop();
  await host?.stop();
});

async function look(of: TestGateway): Promise<TestBrowser> {
  const browser = new TestBrowser(of.url);
  browsers.push(browser);
  await browser.join('fleet', 'routing');
  return browser;
}
const under = ({ gateways }: RoutingState): [string, string, string | null][] =>
  gateways.flatMap(({ gateway, inflight }) =>
    inflight.map(({ state, providerId }): [string, string, string | null] => [gateway, state, providerId]),
  );
const untilShown = (browser: TestBrowser, wanted: unknown[]): Promise<boolean> =>
  waitFor(
    () => browser.routing !== null && JSON.stringify(under(browser.routing)) === JSON.stringify(wanted),
    { what: `${JSON.stringify(wanted)} to be shown` },
  );

it('what is under way through one gateway is seen at another, cancelled from there, and told when it has ended', async () => {
  const browser = await look(other);
  isEndless = true;
  const answer = await ask(one);
  const id = answer.headers.get('x-request-id') ?? '';
  await untilShown(browser, [['one', 'streaming', 'tower']]);
  expect(browser.routing?.gateways[0]?.inflight[0]).toMatchObject({ id, asked: 'auto', policy: 'auto' });
  expect(browser.routing?.gateways.map(({ gateway }) => gateway)).toEqual(['one', 'other']);

  const once = await other.get<RoutingState>('/api/routing/state');
  expect(under(RoutingStateSchema.parse(once.body))).toEqual([['one', 'streaming', 'tower']]);
  expect(once.body.gateways[0]?.queues).toMatchObject([{ providerId: 'tower', running: 1, waiting: [] }]);

  const cancelled = await other.call('DELETE', `/api/routing/inflight/${id}`, undefined, {
    'x-boo-source': 'anna',
  });
  expect(cancelled.status).toBe(204);
  expect(await answer.text()).toContain('"code":"cancelled"');
  await untilShown(browser, []);
  const told = (): RouteFact | undefined =>
    browser.dispatches.flatMap(({ dispatches }) => dispatches).find((fact) => fact.id === id);
  await waitFor(() => told() !== undefined, { what: 'the dispatch to be told' });
  expect(told()).toMatchObject({
    outcome: 'incomplete',
    error: { code: 'cancelled', details: { by: 'anna' } },
  });
  const again = await other.call('DELETE', `/api/routing/inflight/${id}`);
  expect([again.status, again.error?.code]).toEqual([404, 'not_found']);
});

it('is cancelled at the gateway that has it, too', async () => {
  isEndless = true;
  const answer = await ask(one);
  const id = answer.headers.get('x-request-id') ?? '';
  expect((await one.call('DELETE', `/api/routing/inflight/${id}`)).status).toBe(204);
  expect(await answer.text()).toContain('cancelled');
});

it('of what nobody has, nothing is cancelled', async () => {
  expect((await one.call('DELETE', `/api/routing/inflight/${idOf(7)}`)).error?.code).toBe('not_found');
  expect((await one.call('DELETE', '/api/routing/inflight/7')).status).toBe(400);
});

it('a browser that does not look is told nothing of it', async () => {
  const browser = new TestBrowser(one.url);
  browsers.push(browser);
  await browser.join('fleet');
  const beside = await look(one);
  await (await ask(one)).text();
  await waitFor(() => beside.dispatches.length > 0, { what: 'the dispatch' });
  expect([browser.routing, browser.dispatches]).toEqual([null, []]);
});

it('a gateway that was killed leaves no ghosts', async () => {
  const browser = await look(other);
  isEndless = true;
  const answer = await ask(one);
  await untilShown(browser, [['one', 'streaming', 'tower']]);
  await one.service.kill9();
  await answer.text().catch(() => undefined);
  await waitFor(() => browser.routing?.gateways.map(({ gateway }) => gateway).join() === 'other', {
    what: 'only the gateway that lives',
  });
  expect(under(browser.routing!)).toEqual([]);
});
