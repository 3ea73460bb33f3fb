import { GATEWAY_ERROR_CODES } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatewayErrorOf, readGatewayError } from './gateway-error.js';
import type { Registry, RegistryEntry } from './registry.js';
import { contextLengthOf, resolveRoute } from './resolve-route.js';
import { withSource } from './source.js';

const CONNECTED = { state: 'connected', attempt: 0, reason: null } as const;

function entry(
  id: string,
  over: Partial<RegistryEntry['provider']> = {},
  rest: Partial<RegistryEntry> = {},
): RegistryEntry {
  const provider = { id, kind: 'llama-swap' as const, baseUrl: `http://${id}:8080`, enabled: true, ...over };
  const models = [{ id: 'qwen3', aliases: ['best'], contextLength: 8_192 }];
  return { provider, liveness: CONNECTED, models, ...rest };
}

const FLEET: Registry = {
  entries: [
    entry('tower'),
    entry(
      'nas',
      {},
      {
        models: [
          { id: 'org/big', aliases: [], contextLength: null },
          { id: 'qwen3', aliases: [], contextLength: 32_768 },
        ],
      },
    ),
    entry('off', { enabled: false }),
    entry(
      'down',
      {},
      {
        liveness: {
          state: 'down',
          attempt: 3,
          reason: { code: 'refused', message: 'nobody listens there.' },
        },
      },
    ),
    entry('busy', { maintenance: { since: '2026-11-21T12:00:00.000000Z', note: null } }),
    entry('back', {
      maintenance: {
        since: '2020-11-21T12:00:00.000000Z',
        note: null,
        until: '2020-11-21T13:00:00.000000Z',
      },
    }),
    entry(
      'sick',
      {},
      {
        models: [
          {
            id: 'm',
            aliases: [],
            contextLength: null,
            state: 'stopped',
            failedAt: '2026-11-21T12:00:00.000000Z',
          },
        ],
      },
    ),
    entry(
      'cloud',
      { kind: 'openai', baseUrl: 'https://api.cloud.example/v1', apiKeyEnv: 'CLOUD_API_KEY' },
      { models: [] },
    ),
    entry('keyless', { apiKeyEnv: 'MISSING_API_KEY' }),
    entry('site', { kind: 'boocontrol-gateway', baseUrl: 'http://site:9503/' }, { liveness: null }),
    { provider: entry('kv').provider },
  ],
  gateway: { baseUrl: 'http://127.0.0.1:9503', apiKey: 'boo_secret' },
  env: { CLOUD_API_KEY: ' sesame\n' },
};

describe('the route of a model', () => {
  it.each([
    ['tower/qwen3', 'swap', 'http://tower:8080/v1', 'qwen3', {}],
    ['tower/best', 'swap', 'http://tower:8080/v1', 'best', {}],
    ['nas/org/big', 'swap', 'http://nas:8080/v1', 'org/big', {}],
    [
      'cloud/deepseek-chat',
      'openai',
      'https://api.cloud.example/v1',
      'deepseek-chat',
      { authorization: 'Bearer sesame' },
    ],
    ['back/qwen3', 'swap', 'http://back:8080/v1', 'qwen3', {}],
    ['site/qwen3', 'gateway', 'http://site:9503/v1', 'qwen3', {}],
    ['kv/anything', 'swap', 'http://kv:8080/v1', 'anything', {}],
    ['auto:code', 'gateway', 'http://127.0.0.1:9503/v1', 'auto:code', { authorization: 'Bearer boo_secret' }],
    ['qwen3', 'gateway', 'http://127.0.0.1:9503/v1', 'qwen3', { authorization: 'Bearer boo_secret' }],
    ['org/big', 'gateway', 'http://127.0.0.1:9503/v1', 'org/big', { authorization: 'Bearer boo_secret' }],
  ] as const)('%s is %s', (id, route, baseUrl, model, headers) =>
    expect(resolveRoute(id, FLEET)).toEqual({ route, baseUrl, model, headers }),
  );

  it.each([
    ['gone/qwen3', 'offline', /no provider "gone"/],
    ['off/qwen3', 'offline', /switched off/],
    ['down/qwen3', 'offline', /not connected: nobody listens there\.$/],
    ['busy/qwen3', 'unhealthy', /maintenance/],
    ['sick/m', 'unhealthy', /last load of m on sick failed/],
    ['tower/nothing', 'unhealthy', /tower has no model "nothing"/],
    ['keyless/qwen3', 'unhealthy', /MISSING_API_KEY is not set/],
  ])('%s is an error: %s', (id, reason, message) =>
    expect(resolveRoute(id, FLEET)).toEqual({
      route: 'gateway_error',
      reason,
      message: expect.stringMatching(message),
    }),
  );

  it('of what needs a gateway is an error where there is none', () => {
    const { gateway: _gateway, ...fleet } = FLEET;
    expect(resolveRoute('auto', fleet)).toMatchObject({ route: 'gateway_error', reason: 'offline' });
  });

  it('with a provider never leads to another one, whatever is up', () => {
    const states = fc.constantFrom('connected', 'connecting', 'reconnecting', 'down', 'disabled');
    const one = fc.record({ id: fc.constantFrom('a', 'b', 'c'), enabled: fc.boolean(), state: states });
    fc.assert(
      fc.property(
        fc.uniqueArray(one, { selector: ({ id }) => id }),
        fc.constantFrom('a', 'b', 'c'),
        (given, named) => {
          const entries = given.map(({ id, enabled, state }) =>
            entry(id, { enabled }, { liveness: { state, attempt: 1, reason: null } }),
          );
          const found = resolveRoute(`${named}/qwen3`, { entries, gateway: { baseUrl: 'http://gateway' } });
          if (found.route === 'gateway_error') return;
          expect(found.baseUrl).toBe(`http://${named}:8080/v1`);
          expect(given).toContainEqual({ id: named, enabled: true, state: 'connected' });
        },
      ),
    );
  });
});

describe('the context of a model', () => {
  it.each([
    ['tower/qwen3', 8_192],
    ['tower/best', 8_192],
    ['qwen3', 32_768],
    ['org/big', null],
    ['tower/nothing', null],
    ['auto', null],
  ])('%s: %s', (id, length) => expect(contextLengthOf(id, FLEET)).toBe(length));
});

describe('a source', () => {
  const sent: (string | null)[] = [];
  const fetch = withSource((_input, init) => {
    sent.push(new Headers(init?.headers).get('x-boo-source'));
    return Promise.resolve(new Response());
  }, 'my-app');

  it('goes with each request that does not say its own, and every other header stays', async () => {
    await fetch('http://h/');
    await fetch('http://h/', { headers: { 'X-Boo-Source': 'other' } });
    await fetch(new Request('http://h/', { headers: { 'x-boo-source': 'theirs' } }));
    expect(sent).toEqual(['my-app', 'other', 'theirs']);
    let seen: Headers | undefined;
    const keeping = withSource((_input, init) => {
      seen = new Headers(init?.headers);
      return Promise.resolve(new Response());
    }, 'x');
    await keeping(new Request('http://h/', { headers: { authorization: 'Bearer k' } }));
    expect(seen?.get('authorization')).toBe('Bearer k');
  });
  it.each(['', 'Two Words', '-first', 'x'.repeat(65), 'a\nb'])('%j is none', (source) =>
    expect(() => withSource(globalThis.fetch, source)).toThrow(RangeError),
  );
});

describe('an error of the gateway', () => {
  const error = {
    message: 'tower is not connected.',
    type: 'server_error',
    param: null,
    code: 'provider_offline',
  };

  it('is read from an answer, which can still be read itself', async () => {
    const headers = { 'retry-after': '10', 'x-request-id': 'r1' };
    const response = Response.json({ error }, { status: 503, headers });
    expect(await gatewayErrorOf(response)).toMatchObject({
      code: 'provider_offline',
      message: error.message,
      status: 503,
      requestId: 'r1',
      retryAfterS: 10,
      isRetryable: true,
    });
    expect(await response.json()).toEqual({ error });
  });

  it.each([
    ['OpenAI’s form', { error }],
    ['Anthropic’s', { type: 'error', error }],
    ['an event of the Responses dialect', { ...error, type: 'error', sequence_number: 0 }],
  ])('is read in %s', (_form, body) =>
    expect(readGatewayError(body)).toMatchObject({ code: 'provider_offline', status: 0, requestId: null }),
  );

  it('is not what a host says itself, nor anything that is none', async () => {
    const hosts = { error: { code: 400, message: 'too long', type: 'exceed_context_size_error' } };
    expect(await gatewayErrorOf(Response.json(hosts, { status: 400 }))).toBe(null);
    expect(await gatewayErrorOf(new Response('nginx', { status: 502 }))).toBe(null);
    expect(await gatewayErrorOf(Response.json({ error }, { status: 200 }))).toBe(null);
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(readGatewayError(body)).toBe(null);
      }),
    );
  });

  it('knows every code', () => {
    for (const code of GATEWAY_ERROR_CODES)
      expect(readGatewayError({ error: { code } })).toMatchObject({ code, message: code });
  });
});
