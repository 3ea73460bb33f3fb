import { rowsOfDispatch } from '@boocontrol/fleet-model';
import { DIRECT, RouteFactSchema, STREAM, subjects } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { TestBrowser } from '../testing/browser.js';
import type { TestGateway } from '../testing/gateway.js';
import { CHAT, FakeHost, FRAMES, GOOD_STREAM, stream } from '../testing/inference.js';
import { World } from '../testing/world.js';

/** Two gateways: what goes through the one is seen at the other, too. */
let world: World;
let service: FakeHost;
let one: TestGateway;
let other: TestGateway;
let isCut = false;
const browsers: TestBrowser[] = [];

const ask = (model: string): Promise<Response> =>
  fetch(`${one.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ ...CHAT, model }),
    headers: { 'x-boo-source': 'tests' },
  });
async function look(of: TestGateway): Promise<TestBrowser> {
  const browser = new TestBrowser(of.url);
  browsers.push(browser);
  await browser.join('fleet', 'activity');
  return browser;
}

beforeAll(async () => {
  world = await World.create();
  service = await FakeHost.start('deepseek', (response) => {
    stream(response, isCut ? [FRAMES.role, FRAMES.text('some')] : GOOD_STREAM);
    response.end();
  });
  [one, other] = await Promise.all([world.gateway(), world.gateway()]);
  await one.call('POST', '/api/providers', { id: 'deepseek', kind: 'openai', baseUrl: service.url });
  await waitFor(
    async () => {
      const answer = await ask('deepseek/chat');
      await answer.text();
      return answer.ok;
    },
    { what: 'a gateway that serves' },
  );
});
afterEach(() => {
  for (const browser of browsers.splice(0)) browser.close();
});
afterAll(async () => {
  await world?.stop();
  await service?.stop();
});

it('a request to a service is a row of the live feed at every gateway, once, as the history has it', async () => {
  const seen = await Promise.all([look(one), look(other)]);
  const ids: string[] = [];
  for (const cut of [false, true]) {
    isCut = cut;
    const answer = await ask('deepseek/chat');
    await answer.text();
    ids.push(answer.headers.get('x-request-id') ?? '');
  }
  const ofThese = ({ rows }: TestBrowser): typeof rows =>
    rows.filter(({ dispatchId }) => ids.includes(dispatchId ?? ''));
  for (const browser of seen) {
    await waitFor(() => ofThese(browser).length === 2, { what: 'both rows' });
    expect(
      ofThese(browser).map(({ dispatchId, source, dispatch }) => [dispatchId, source, dispatch?.outcome]),
    ).toEqual([
      [ids[0], 'tests', 'answered'],
      [ids[1], 'tests', 'incomplete'],
    ]);
  }
  const stored = await world.bus.jsm.streams.getMessage(STREAM.routes, {
    last_by_subj: subjects.route(DIRECT),
  });
  if (stored === null) throw new Error('no fact');
  const [made] = rowsOfDispatch(RouteFactSchema.parse(stored.json()), stored.seq);
  expect(ofThese(seen[0] as TestBrowser).at(-1)).toEqual(made);
});
