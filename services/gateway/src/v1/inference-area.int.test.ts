import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { waitFor } from '@boocontrol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayConfig } from '../config.js';
import { Guard } from '../edge/guard.js';
import { mountArea } from '../http/area.js';
import { HostTraffic } from '../inference/traffic.js';
import { CHAT, FakeHost, FRAMES, PlainDecider, stream, NOBODY_WATCHES } from '../testing/inference.js';
import { InferenceArea } from './inference-area.js';

const config = {
  BOOCONTROL_HOST: '127.0.0.1',
  BOOCONTROL_ALLOWED_HOSTS: [],
  BOOCONTROL_ADMIN_TOKEN: 'a token of sixteen or more',
  SHUTDOWN_MS: 800,
} as unknown as GatewayConfig;
const log = { error: () => undefined } as never;

let fastify: FastifyInstance;
let host: FakeHost;
let area: InferenceArea;
let url: string;
const decider = new PlainDecider();
const facts: object[] = [];

beforeEach(async () => {
  facts.length = 0;
  host = await FakeHost.start('tower', (response, { url: path }) => {
    if (path !== '/v1/chat/completions') return void response.end('{"ok":true}');
    stream(response, [FRAMES.role, FRAMES.text('for ever')]);
  });
  decider.targets = [host.target()];
  area = new InferenceArea(
    new Guard(config),
    config,
    log,
    new HostTraffic(),
    decider,
    { admit: () => ({ ok: true, grant: null }), spent: () => undefined },
    { record: (fact) => void facts.push(fact) },
    NOBODY_WATCHES,
    { list: () => ({ object: 'list', data: [] }), find: () => null },
    null,
  );
  fastify = Fastify({ bodyLimit: 1_000 });
  await mountArea(fastify, area);
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(fastify.server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await area.beforeApplicationShutdown();
  await fastify.close();
  await host.stop();
});

const ask = (path: string, headers: Record<string, string> = {}, body?: string): Promise<Response> =>
  fetch(url + path, { headers, ...(body === undefined ? {} : { method: 'POST', body }) });

describe('/v1 on the one port', () => {
  it('needs no admin token, takes any content type and larger bodies than the API', async () => {
    const body = JSON.stringify({ ...CHAT, padding: 'x'.repeat(100_000) });
    const reply = await ask('/v1/embeddings', { 'content-type': 'text/plain' }, body);
    expect([reply.status, await reply.text()]).toEqual([200, '{"ok":true}']);
    expect(host.asked[0]?.body.toString()).toBe(body.replace('"auto"', '"real-model"'));
  });

  it('lists models, and says what it does not have in its own form', async () => {
    expect(await (await ask('/v1/models')).json()).toEqual({ object: 'list', data: [] });
    const missing = await ask('/v1/nothing/here');
    expect([missing.status, await missing.json()]).toMatchObject([404, { error: { code: 'bad_request' } }]);
  });

  it.each([
    ['a page of another origin', { origin: 'https://evil.example' }],
    ['a page of another site that does not say its origin', { 'sec-fetch-site': 'cross-site' }],
  ])('is closed to %s, also for reading', async (_who, headers) => {
    for (const body of [undefined, JSON.stringify(CHAT)]) {
      const reply = await ask(body === undefined ? '/v1/models' : '/v1/embeddings', headers, body);
      expect([reply.status, await reply.json()]).toMatchObject([403, { error: { code: 'bad_request' } }]);
    }
    expect(host.asked).toHaveLength(0);
  });

  it('lets streams go on at shutdown for a while, then ends them with an error', async () => {
    const reply = await ask('/v1/chat/completions', {}, JSON.stringify(CHAT));
    await waitFor(() => host.asked.length === 1, { what: 'the stream to begin' });
    const stopping = area.beforeApplicationShutdown();
    const text = await reply.text();
    await stopping;
    expect(text.startsWith(FRAMES.role + FRAMES.text('for ever'))).toBe(true);
    expect(text).toContain('shutting down');
    expect(text).not.toContain('[DONE]');
    expect(facts).toMatchObject([
      { outcome: 'incomplete', error: { code: 'internal' }, attempts: [{ outcome: 'abandoned' }] },
    ]);
    await waitFor(() => host.asked[0]?.leftAtMs != null, { what: 'the host to be left' });
  });
});
