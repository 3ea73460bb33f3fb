import {
  rpc,
  subjects,
  SystemHealthSchema,
  type FleetResponse,
  type PublicProvider,
} from '@boocontrol/contracts';
import { activityKey, toActivityRow } from '@boocontrol/fleet-model';
import { testDatabase, testNats, waitFor, type TestDatabase, type TestNats } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBus } from './testing/bus.js';
import { body } from './testing/facts.js';
import { TestGateway } from './testing/gateway.js';

let nats: TestNats;
let database: TestDatabase;
let bus: TestBus;
let gateway: TestGateway;

beforeAll(async () => {
  [nats, database] = await Promise.all([testNats(), testDatabase()]);
  bus = await TestBus.open(nats.url);
  const env = { NATS_URL: nats.url, DATABASE_URL: database.url, TOWER_API_KEY: 'secret-key-value' };
  gateway = await TestGateway.start(env);
  await waitFor(async () => (await gateway.get('/api/fleet')).status === 200, { what: 'the first rebuild' });
});
afterAll(async () => {
  await gateway?.service.stop();
  await bus?.close();
  await nats?.stop();
  await database?.drop();
});

const TOWER = {
  id: 'tower',
  baseUrl: 'http://192.168.1.20:8080/',
  tags: ['gpu'],
  apiKeyEnv: 'TOWER_API_KEY',
  sshHost: 'tower.lan',
};

describe('the registry', () => {
  it('is made, read, changed and emptied', async () => {
    const created = await gateway.call<PublicProvider>('POST', '/api/providers', TOWER);
    expect(created).toMatchObject({
      status: 201,
      body: { id: 'tower', label: 'tower', origin: 'api', apiKeySet: true },
    });
    expect(created.body.baseUrl).toBe('http://192.168.1.20:8080');
    expect(await gateway.get('/api/providers')).toMatchObject({ body: { providers: [{ id: 'tower' }] } });

    const patched = await gateway.call('PATCH', '/api/providers/tower', { label: 'Tower', apiKeyEnv: null });
    expect(patched).toMatchObject({ status: 200, body: { label: 'Tower', apiKeySet: false, tags: ['gpu'] } });
    const { body: fleet } = await gateway.get<FleetResponse>('/api/fleet');
    expect(fleet.hosts).toMatchObject([{ providerId: 'tower', provider: { label: 'Tower' } }]);

    expect((await gateway.call('DELETE', '/api/providers/tower')).status).toBe(204);
    expect((await gateway.call('DELETE', '/api/providers/tower')).status).toBe(404);
    await waitFor(async () => (await gateway.get<FleetResponse>('/api/fleet')).body.hosts.length === 0, {
      what: 'no host',
    });
    expect((await gateway.call('POST', '/api/providers', TOWER)).status).toBe(201);
    await gateway.call('DELETE', '/api/providers/tower');
  });

  it('shows no secret and no way into a host', async () => {
    const { body: created } = await gateway.call('POST', '/api/providers', { ...TOWER, id: 'quiet' });
    const shown = JSON.stringify([
      created,
      (await gateway.get('/api/providers')).body,
      (await gateway.get('/api/fleet')).body,
    ]);
    expect(shown).toContain('TOWER_API_KEY');
    expect(shown).not.toContain('secret-key-value');
    expect(shown).not.toContain('tower.lan');
    await gateway.call('DELETE', '/api/providers/quiet');
  });

  it('loses no change of two that come at once', async () => {
    await gateway.call('POST', '/api/providers', { ...TOWER, id: 'both' });
    const patches = [{ label: 'Both' }, { tags: ['a'] }, { enabled: false }];
    const replies = await Promise.all(
      patches.map((patch) => gateway.call('PATCH', '/api/providers/both', patch)),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { body: list } = await gateway.get<{ providers: PublicProvider[] }>('/api/providers');
    expect(list.providers.find(({ id }) => id === 'both')).toMatchObject({
      label: 'Both',
      tags: ['a'],
      enabled: false,
    });
    await gateway.call('DELETE', '/api/providers/both');
  });

  it('is written once by two who add the same host', async () => {
    const replies = await Promise.all(
      [1, 2, 3].map(() => gateway.call('POST', '/api/providers', { ...TOWER, id: 'twin' })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(replies.find(({ status }) => status === 409)?.error?.code).toBe('exists');
    await gateway.call('DELETE', '/api/providers/twin');
  });

  it.each([
    ['POST', '/api/providers', { id: 'a', baseUrl: 'http://a', colour: 'red' }, 400, 'validation', 'colour'],
    ['POST', '/api/providers', { id: 'a.b', baseUrl: 'http://a' }, 400, 'validation', 'id'],
    ['POST', '/api/providers', { id: 'a', baseUrl: 'http://u:p@a' }, 400, 'validation', 'apiKeyEnv'],
    ['POST', '/api/providers', '{bad', 400, 'bad_request', 'JSON'],
    ['POST', '/api/providers', `{"id":"${'a'.repeat(300_000)}"}`, 413, 'too_large', ''],
    ['PATCH', '/api/providers/nobody', { label: 'x' }, 404, 'not_found', 'nobody'],
    ['PATCH', '/api/providers/a*', { label: 'x' }, 400, 'validation', 'id'],
    ['PATCH', '/api/providers/tower', { id: 'other' }, 400, 'validation', 'id'],
    ['POST', '/api/providers/nobody/reconnect', undefined, 404, 'not_found', 'nobody'],
    ['GET', '/api/nothing', undefined, 404, 'not_found', '/api/nothing'],
    ['POST', '/api/fleet', {}, 404, 'not_found', '/api/fleet'],
  ])('%s %s with %j: %i %s', async (method, path, json, status, code, named) => {
    const reply = await gateway.call(method, path, json);
    expect([reply.status, reply.error?.code]).toEqual([status, code]);
    expect(reply.error?.message).toContain(named);
  });

  it('wants JSON', async () => {
    const reply = await gateway.call('POST', '/api/providers', 'id=a', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect([reply.status, reply.error?.code]).toEqual([415, 'unsupported_media_type']);
  });
});

describe('reconnect', () => {
  it('asks who holds the host, and says when nobody does', async () => {
    await gateway.call('POST', '/api/providers', { ...TOWER, id: 'link' });
    const nobody = await gateway.call('POST', '/api/providers/link/reconnect');
    expect([nobody.status, nobody.error?.code]).toEqual([503, 'unavailable']);
    const asked: unknown[] = [];
    const holder = bus.answer(subjects.reconnect('link'), (question) => {
      asked.push(question);
      return { accepted: true };
    });
    await bus.nc.flush();
    expect(await gateway.call('POST', '/api/providers/link/reconnect', '')).toMatchObject({
      status: 202,
      body: { accepted: true },
    });
    expect(asked).toEqual([{ providerId: 'link' }]);
    holder.stop();
    await gateway.call('PATCH', '/api/providers/link', { enabled: false });
    expect(await gateway.call('POST', '/api/providers/link/reconnect')).toMatchObject({
      status: 409,
      error: { code: 'provider_disabled' },
    });
    await gateway.call('DELETE', '/api/providers/link');
  });
});

describe('history', () => {
  it('is asked of fleet-state, with the query as it was meant', async () => {
    expect(await gateway.get('/api/activity')).toMatchObject({ status: 503, error: { code: 'unavailable' } });
    const asked: unknown[] = [];
    const row = toActivityRow(body('request', 'tower', 7));
    const responder = bus.answer(rpc.activity.subject, (question) => {
      asked.push(question);
      return { rows: [row], nextCursor: null };
    });
    try {
      await bus.nc.flush();
      const reply = await gateway.get(
        '/api/activity?model=a&model=b%2Fc&status=5xx&limit=7&from=2026-11-20T16:00:00Z',
      );
      expect(reply).toMatchObject({ status: 200, body: { rows: [row], nextCursor: null } });
      expect(asked).toEqual([
        { model: ['a', 'b/c'], status: ['5xx'], limit: 7, from: '2026-11-20T16:00:00Z' },
      ]);
    } finally {
      responder.stop();
    }
  });

  it('refuses what fleet-state refuses, and does not pass on what does not fit', async () => {
    const problem = { code: 'bad_cursor', message: 'no such cursor' };
    const refusing = bus.answer(rpc.modelEvents.subject, () => {
      throw problem;
    });
    const broken = bus.answer(rpc.swaps.subject, () => ({ swaps: 'none' }));
    try {
      await bus.nc.flush();
      expect(await gateway.get('/api/model-events')).toMatchObject({ status: 400, error: problem });
      expect(await gateway.get('/api/swaps')).toMatchObject({
        status: 502,
        error: { code: 'bad_upstream_answer' },
      });
    } finally {
      refusing.stop();
      broken.stop();
    }
  });

  it('has one request by its key', async () => {
    const request = body('request', 'tower', 9);
    const asked: unknown[] = [];
    const responder = bus.answer(rpc.activityEntry.subject, (question) => {
      asked.push(question);
      if (asked.length > 1) throw { code: 'not_found', message: 'no such request' };
      return { row: toActivityRow(request), capture: null, captureState: 'none' };
    });
    try {
      await bus.nc.flush();
      expect(await gateway.get(`/api/activity/${activityKey(request)}`)).toMatchObject({
        status: 200,
        body: { captureState: 'none' },
      });
      expect(asked).toEqual([{ providerId: 'tower', entryId: 9, ts: request.ts }]);
      expect((await gateway.get(`/api/activity/${activityKey(request)}`)).status).toBe(404);
    } finally {
      responder.stop();
    }
    expect(await gateway.get('/api/activity/not-a-key')).toMatchObject({
      status: 400,
      error: { code: 'validation' },
    });
  });

  it.each([
    '/api/perf',
    '/api/activity/totals?groupBy=colour',
    '/api/gaps?providerId=A',
    '/api/swaps?from=x',
  ])('names what is wrong in %s', async (path) => {
    expect(await gateway.get(path)).toMatchObject({ status: 400, error: { code: 'validation' } });
  });
});

describe('favourites', () => {
  it('are kept once each, for models whose ids hold slashes', async () => {
    const paths = [
      '/api/favorites/tower/org%2Fmodel',
      '/api/favorites/tower/org/model',
      '/api/favorites/nas/a%20b%25',
    ];
    const replies = await Promise.all([...paths, ...paths].map((path) => gateway.call('PUT', path)));
    expect(replies.every(({ status }) => status === 204)).toBe(true);
    const models = async (): Promise<string[]> =>
      (await gateway.get<{ favorites: { model: string }[] }>('/api/favorites')).body.favorites
        .map(({ model }) => model)
        .sort();
    expect(await models()).toEqual(['a b%', 'org/model']);
    expect((await gateway.call('DELETE', '/api/favorites/tower/org/model')).status).toBe(204);
    expect((await gateway.call('DELETE', '/api/favorites/tower/org/model')).status).toBe(204);
    expect(await models()).toEqual(['a b%']);
  });

  it.each(['/api/favorites/TOWER/m', '/api/favorites/tower/', `/api/favorites/tower/${'m'.repeat(257)}`])(
    '%s is refused',
    async (path) => {
      expect([400, 404]).toContain((await gateway.call('PUT', path)).status);
    },
  );
});

describe('health', () => {
  it('names every part, its state and why', async () => {
    const { status, body: health } = await gateway.get('/api/health');
    expect(status).toBe(200);
    const { parts } = SystemHealthSchema.parse(health);
    expect(parts.map((part) => [part.name, part.status])).toEqual([
      ['bus', 'ok'],
      ['database', 'ok'],
      ['ingest', 'down'],
      ['fleet-state', 'down'],
      ['gateway', 'degraded'],
      ['web', 'down'],
    ]);
    for (const part of parts) expect(part.why === null).toBe(part.status === 'ok');
  });
});

describe('the API document', () => {
  it('lists every route, and describes each parameter, answer and error', async () => {
    const { body: document } = await gateway.get<OpenApi>('/api/openapi.json');
    const listed = Object.entries(document.paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb} ${path}`),
    );
    expect(listed.sort()).toEqual(ROUTES);
    for (const operation of Object.values(document.paths).flatMap((verbs) => Object.values(verbs))) {
      expect(operation.summary).not.toBe('');
      for (const { description } of [...operation.parameters, ...Object.values(operation.responses)])
        expect(description).toBeTruthy();
    }
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(references.filter((name) => document.components.schemas[name] === undefined)).toEqual([]);
  });

  it('has a page that needs nothing else', async () => {
    const { status, headers, body: page } = await gateway.get<string>('/api/docs');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page).toContain('/api/providers/{id}/reconnect');
    expect(page).not.toMatch(/<(script|link|img)\b/);
  });
});

describe('the door', () => {
  it('sends its headers with everything', async () => {
    for (const path of ['/', '/api/fleet', '/api/nothing', '/metrics', '/api/docs']) {
      const { headers } = await gateway.get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('has a page that says how to build the web app', async () => {
    const { status, body: page } = await gateway.get<string>('/');
    expect(status).toBe(503);
    expect(page).toContain('npm run build');
  });

  it('turns pages of other origins away', async () => {
    const reply = await gateway.call('POST', '/api/providers', TOWER, { origin: 'http://evil.example' });
    expect([reply.status, reply.error?.code]).toEqual([403, 'origin_not_allowed']);
  });
});

interface OpenApi {
  paths: Record<
    string,
    Record<
      string,
      {
        summary: string;
        parameters: { description?: string }[];
        responses: Record<string, { description?: string }>;
      }
    >
  >;
  components: { schemas: Record<string, unknown> };
}

const ROUTES = [
  'delete /api/favorites/{providerId}/{model}',
  'delete /api/providers/{id}',
  'delete /api/session',
  'get /api/activity',
  'get /api/activity/totals',
  'get /api/activity/{key}',
  'get /api/favorites',
  'get /api/fleet',
  'get /api/gaps',
  'get /api/health',
  'get /api/model-events',
  'get /api/perf',
  'get /api/providers',
  'get /api/session',
  'get /api/swaps',
  'get /metrics',
  'patch /api/providers/{id}',
  'post /api/providers',
  'post /api/providers/{id}/reconnect',
  'post /api/session',
  'put /api/favorites/{providerId}/{model}',
];
