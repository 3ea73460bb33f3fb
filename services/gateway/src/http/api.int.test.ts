import { brotliDecompressSync } from 'node:zlib';
import { SystemHealthSchema } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway();
  await waitFor(async () => (await gateway.get('/api/fleet')).status === 200, { what: 'the first rebuild' });
});
afterAll(() => world?.stop());

describe('health', () => {
  it('names every part, its state and why', async () => {
    const parts = await waitFor(
      async () => {
        const { status, body } = await gateway.get('/api/health');
        expect(status).toBe(200);
        const health = SystemHealthSchema.parse(body);
        return health.parts.find(({ name }) => name === 'database')?.status === 'ok' && health.parts;
      },
      { what: 'the database to be opened' },
    );
    expect(parts.map((part) => [part.name, part.status])).toEqual([
      ['bus', 'ok'],
      ['database', 'ok'],
      ['ingest', 'down'],
      ['fleet-state', 'down'],
      ['actions', 'down'],
      ['bench', 'down'],
      ['evals', 'down'],
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

  it('is what the web app’s fixtures are checked against', async () => {
    const { body: document } = await gateway.get<OpenApi>('/api/openapi.json');
    const lines = Object.entries(document.paths).flatMap(([path, verbs]) =>
      Object.entries(verbs).map(([verb, { parameters, responses }]) => {
        const names = parameters.filter((each) => each.in === 'query').map(({ name }) => name);
        const query = names.length > 0 ? `?${names.sort().join('&')}` : '';
        return `${verb} ${path}${query} ${Object.keys(responses).join(' ')}`;
      }),
    );
    const text = `${ROUTES_HEAD}\n\n\`\`\`text\n${lines.sort().join('\n')}\n\`\`\`\n`;
    await expect(text).toMatchFileSnapshot('../../../../docs/api-routes.md');
  });

  it('comes compressed to whoever accepts that', async () => {
    const { status, headers, bytes } = await gateway.wire('/api/openapi.json', { 'accept-encoding': 'br' });
    expect([status, headers['content-encoding'], headers.vary]).toEqual([200, 'br', 'Accept-Encoding']);
    expect(JSON.parse(brotliDecompressSync(bytes).toString())).toHaveProperty('openapi');
    const metrics = await gateway.wire('/metrics', { 'accept-encoding': 'gzip' });
    expect([metrics.headers['content-encoding'], metrics.headers['content-length']]).toEqual([
      'gzip',
      String(metrics.bytes.length),
    ]);
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
    const reply = await gateway.call('POST', '/api/providers', {}, { origin: 'http://evil.example' });
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
        parameters: { in: string; name: string; description?: string }[];
        responses: Record<string, { description?: string }>;
      }
    >
  >;
  components: { schemas: Record<string, unknown> };
}

const ROUTES_HEAD = `# Routes of the API

Made of the OpenAPI document by \`api.int.test.ts\` of the gateway (\`vitest -u\`): verb, path and query, statuses. The web app’s fixtures are held against it.`;

const ROUTES = [
  'delete /api/actions/{id}',
  'delete /api/bench/baselines',
  'delete /api/bench/runs/{id}',
  'delete /api/bench/schedules/{id}',
  'delete /api/bench/suites/{name}',
  'delete /api/evals/runs/{id}',
  'delete /api/evals/suites/{name}',
  'delete /api/favorites/{providerId}/{model}',
  'delete /api/hidden/{providerId}',
  'delete /api/hidden/{providerId}/{model}',
  'delete /api/keys/{id}',
  'delete /api/leases/{leaseId}',
  'delete /api/providers/{id}',
  'delete /api/providers/{id}/maintenance',
  'delete /api/providers/{id}/protected/{model}',
  'delete /api/routing/inflight/{id}',
  'delete /api/routing/policies/{name}',
  'delete /api/session',
  'get /api/actions',
  'get /api/actions/{id}',
  'get /api/activity',
  'get /api/activity/export',
  'get /api/activity/totals',
  'get /api/activity/{key}',
  'get /api/bench/baselines',
  'get /api/bench/definitions',
  'get /api/bench/fastest',
  'get /api/bench/history',
  'get /api/bench/runs',
  'get /api/bench/runs/{id}',
  'get /api/bench/runs/{id}/export',
  'get /api/bench/runs/{id}/samples',
  'get /api/bench/schedules',
  'get /api/bench/suites',
  'get /api/bench/suites/{name}/versions',
  'get /api/evals/compare',
  'get /api/evals/leaderboard',
  'get /api/evals/leaderboard/export',
  'get /api/evals/runs',
  'get /api/evals/runs/{id}',
  'get /api/evals/runs/{id}/export',
  'get /api/evals/runs/{id}/samples',
  'get /api/evals/runs/{id}/samples/one',
  'get /api/evals/sandboxes',
  'get /api/evals/suites',
  'get /api/evals/suites/{name}',
  'get /api/favorites',
  'get /api/fleet',
  'get /api/gaps',
  'get /api/health',
  'get /api/hidden',
  'get /api/jobs',
  'get /api/keys',
  'get /api/leases',
  'get /api/logs',
  'get /api/model-events',
  'get /api/model-figures',
  'get /api/perf',
  'get /api/prompt-cache/drifts',
  'get /api/prompt-cache/drifts/{id}',
  'get /api/prompt-cache/rates',
  'get /api/prompt-cache/sessions',
  'get /api/prompt-cache/sessions/{session}',
  'get /api/prompt-cache/totals',
  'get /api/providers',
  'get /api/providers/{id}/profiles',
  'get /api/routing/choices',
  'get /api/routing/dispatches',
  'get /api/routing/dispatches/totals',
  'get /api/routing/dispatches/{id}',
  'get /api/routing/policies',
  'get /api/routing/policies/{name}/versions',
  'get /api/routing/scores',
  'get /api/routing/state',
  'get /api/session',
  'get /api/swaps',
  'get /metrics',
  'patch /api/keys/{id}',
  'patch /api/providers/{id}',
  'post /api/actions',
  'post /api/bench/estimate',
  'post /api/bench/imports',
  'post /api/bench/recorded-traffic',
  'post /api/bench/runs',
  'post /api/bench/runs/{id}/cancel',
  'post /api/bench/runs/{id}/rerun',
  'post /api/bench/schedules',
  'post /api/evals/estimate',
  'post /api/evals/runs',
  'post /api/evals/runs/{id}/cancel',
  'post /api/evals/runs/{id}/resume',
  'post /api/evals/runs/{id}/samples/one/regrade',
  'post /api/evals/suites/import',
  'post /api/evals/suites/{name}/retire',
  'post /api/keys',
  'post /api/leases',
  'post /api/leases/{leaseId}/end',
  'post /api/providers',
  'post /api/providers/{id}/reconnect',
  'post /api/routing/dry-run',
  'post /api/routing/explain',
  'post /api/routing/policies',
  'post /api/session',
  'put /api/bench/runs/{id}/baseline',
  'put /api/bench/schedules/{id}',
  'put /api/bench/suites/{name}',
  'put /api/evals/suites/{name}',
  'put /api/favorites/{providerId}/{model}',
  'put /api/hidden/{providerId}',
  'put /api/hidden/{providerId}/{model}',
  'put /api/leases/{leaseId}',
  'put /api/providers/{id}/maintenance',
  'put /api/providers/{id}/protected/{model}',
  'put /api/routing/policies/{name}',
];
