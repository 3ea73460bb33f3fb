import type { AddressInfo } from 'node:net';
import type { RouteFact } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayConfig } from '../config.js';
import { Guard } from '../edge/guard.js';
import { mintSession } from '../edge/session.js';
import { mountArea } from '../http/area.js';
import { HostTraffic } from '../inference/traffic.js';
import { KeyDoorkeeper } from '../keys/key-doorkeeper.js';
import { hashOf, newKey } from '../keys/new-key.js';
import {
  CHAT,
  FakeHost,
  FRAMES,
  GOOD_STREAM,
  PlainDecider,
  stream,
  NOBODY_WATCHES,
} from '../testing/inference.js';
import { apiKey } from '../testing/routes.js';
import { InferenceArea } from './inference-area.js';

/** /v1 where it wants keys, asked by pages of ours, by other pages and by programs. */
const TOKEN = 'a token of sixteen or more';
const KEY = newKey();
const config = {
  BOOCONTROL_HOST: '0.0.0.0',
  BOOCONTROL_ALLOWED_HOSTS: [],
  BOOCONTROL_ADMIN_TOKEN: TOKEN,
  SHUTDOWN_MS: 800,
} as unknown as GatewayConfig;

let fastify: FastifyInstance;
let host: FakeHost;
let area: InferenceArea;
let url: string;
let isEndless = false;
const facts: RouteFact[] = [];

beforeEach(async () => {
  facts.length = 0;
  isEndless = false;
  host = await FakeHost.start('tower', (response) => {
    if (isEndless) return stream(response, [FRAMES.role, FRAMES.text('for ever')]);
    stream(response, GOOD_STREAM);
    response.end();
  });
  const decider = new PlainDecider();
  decider.targets = [host.target()];
  const doorkeeper = new KeyDoorkeeper(true, () => false);
  doorkeeper.load([{ ...apiKey(1), hash: hashOf(KEY) }], '2026-11', Date.now());
  area = new InferenceArea(
    new Guard(config),
    config,
    { error: () => undefined } as never,
    new HostTraffic(),
    decider,
    doorkeeper,
    { record: (fact) => void facts.push(fact) },
    NOBODY_WATCHES,
    { list: () => ({ object: 'list', data: [] }), find: () => null },
    null,
  );
  fastify = Fastify();
  await mountArea(fastify, area);
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(fastify.server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await area.beforeApplicationShutdown();
  await fastify.close();
  await host.stop();
});

const cookie = (token = TOKEN, atMs = Date.now()): Record<string, string> => ({
  cookie: `theme=dark; boocontrol_session=${mintSession(token, atMs)}`,
});
const JSON_BODY = { 'content-type': 'application/json' };
const chat = (headers: Record<string, string>, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers,
    body: JSON.stringify(CHAT),
    ...(signal ? { signal } : {}),
  });

describe('a page of ours, in a browser that has logged in', () => {
  const ours = (): Record<string, string> => ({ ...cookie(), ...JSON_BODY, origin: url });

  it('needs no key, is recorded without one, and hosts learn nothing of the session', async () => {
    const reply = await chat({ ...ours(), 'x-boo-source': 'playground', referer: `${url}/playground/` });
    expect([reply.status, await reply.text()]).toEqual([200, GOOD_STREAM.join('')]);
    await waitFor(() => facts.length === 1, { what: 'the fact' });
    expect(facts[0]).toMatchObject({ source: 'playground', keyId: null, outcome: 'succeeded' });
    for (const gone of ['cookie', 'origin', 'referer', 'sec-fetch-mode', 'sec-fetch-site'])
      expect(host.asked[0]?.headers).not.toHaveProperty(gone);
  });

  it('may say where it comes from in the other way that browsers have', async () => {
    const { origin: _origin, ...rest } = ours();
    expect((await chat({ ...rest, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('that stops leaves nothing running at the host', async () => {
    isEndless = true;
    const halt = new AbortController();
    const reply = await chat(ours(), halt.signal);
    await reply.body?.getReader().read();
    halt.abort();
    await waitFor(() => host.asked[0]?.leftAtMs != null, { what: 'the host to be left' });
    await waitFor(() => facts.length === 1, { what: 'the fact' });
    expect(facts[0]?.outcome).toBe('client_left');
  });

  it.each([
    ['a key that is wrong', { authorization: `Bearer ${newKey()}` }],
    ['the admin token, which is no key', { authorization: `Bearer ${TOKEN}` }],
    ['a wrong x-api-key', { 'x-api-key': 'x' }],
  ])('is refused with %s: what it sends counts', async (_what, more) => {
    expect((await chat({ ...ours(), ...more })).status).toBe(401);
  });
});

describe('a session lets in nobody else', () => {
  it.each<[string, number, () => Record<string, string>]>([
    ['a page of another origin', 403, () => ({ ...cookie(), ...JSON_BODY, origin: 'https://evil.example' })],
    ['a page of another port here', 403, () => ({ ...cookie(), ...JSON_BODY, origin: 'http://127.0.0.1:1' })],
    ['a page that hides its origin', 403, () => ({ ...cookie(), ...JSON_BODY, origin: 'null' })],
    ['a page of the same site', 403, () => ({ ...cookie(), ...JSON_BODY, 'sec-fetch-site': 'same-site' })],
    ['whoever does not say where it comes from', 401, () => ({ ...cookie(), ...JSON_BODY })],
    ['what a form can send', 401, () => ({ ...cookie(), origin: url, 'content-type': 'text/plain' })],
    ['a session of another token', 401, () => ({ ...cookie('x'), ...JSON_BODY, origin: url })],
    ['a session that has ended', 401, () => ({ ...cookie(TOKEN, 0), ...JSON_BODY, origin: url })],
    ['a page of ours without a session', 401, () => ({ ...JSON_BODY, origin: url })],
  ])('%s: %i', async (_who, status, headers) => {
    expect((await chat(headers())).status).toBe(status);
    expect(host.asked).toEqual([]);
  });

  it('programs come with their keys as before', async () => {
    expect((await chat({ authorization: `Bearer ${KEY}` })).status).toBe(200);
  });
});
