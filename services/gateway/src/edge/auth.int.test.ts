import { request as httpRequest } from 'node:http';
import { SERVICES } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBrowser } from '../testing/browser.js';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

const TOKEN = 'a-token-of-at-least-sixteen';
const BEARER = { authorization: `Bearer ${TOKEN}` };
let world: World;
let gateway: TestGateway;

beforeAll(async () => {
  world = await World.create();
  gateway = await world.spawn({ BOOCONTROL_ADMIN_TOKEN: TOKEN });
  await waitFor(async () => (await gateway.get('/api/fleet', BEARER)).status === 200, {
    what: 'the gateway',
  });
});
afterAll(async () => {
  await world?.stop();
});

/** fetch does not let the Host header be chosen. */
function statusWithHost(host: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${gateway.url}${path}`, { headers: { host, ...BEARER } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject).end();
  });
}

describe('without the token', () => {
  it.each([
    '/api/fleet',
    '/api/providers',
    '/api/actions',
    '/api/leases',
    '/api/openapi.json',
    '/metrics',
    '/health',
    '/nothing',
    '/api/nothing',
  ])('%s is closed', async (path) => {
    expect(await gateway.get(path)).toMatchObject({ status: 401, error: { code: 'unauthorized' } });
  });

  it.each([
    ['POST', '/api/actions'],
    ['DELETE', '/api/actions/00000000-0000-4000-8000-000000000001'],
    ['POST', '/api/leases'],
    ['PUT', '/api/leases/tower.lease-0001'],
    ['PUT', '/api/providers/tower/maintenance'],
    ['DELETE', '/api/providers/tower/protected/m'],
  ])('%s %s is closed, and to pages of other origins also with the token', async (method, path) => {
    expect((await gateway.call(method, path)).error?.code).toBe('unauthorized');
    const foreign = { ...BEARER, origin: 'http://evil.example' };
    expect((await gateway.call(method, path, undefined, foreign)).error?.code).toBe('origin_not_allowed');
  });

  it.each(['/', '/activity?x=1', '/api/docs'])(
    'a browser at %s is sent to log in, and back after it',
    async (path) => {
      const reply = await gateway.get(path, { accept: 'text/html,*/*' });
      expect([reply.status, reply.headers.get('location')]).toEqual([
        302,
        `/login/?next=${encodeURIComponent(path)}`,
      ]);
    },
  );

  it('there is a page to log in, whose script its policy allows', async () => {
    const { status, headers, body: page } = await gateway.get<string>('/login/');
    expect(status).toBe(200);
    expect(page).toContain('/api/session');
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-/);
  });

  it('health says whether it is well, and nothing more', async () => {
    const { status, body: health } = await gateway.get<{ status: string; parts: unknown[] }>('/api/health');
    expect([status, health.parts]).toEqual([200, []]);
    const { body: full } = await gateway.get<{ parts: unknown[] }>('/api/health', BEARER);
    expect(full.parts).toHaveLength(['bus', 'database', ...SERVICES, 'web'].length);
  });

  it('no socket opens', async () => {
    const browser = new TestBrowser(gateway.url);
    try {
      const refused = new Promise<boolean>((resolve) =>
        browser.socket.once('connect_error', () => resolve(true)),
      );
      expect(await refused).toBe(true);
      expect(browser.socket.connected).toBe(false);
    } finally {
      browser.close();
    }
  });
});

describe('logging in', () => {
  it('gives a cookie that opens everything, until it is given back', async () => {
    expect((await gateway.get('/api/session')).body).toEqual({ required: true, authenticated: false });
    const login = await gateway.call('POST', '/api/session', { token: TOKEN });
    expect(login).toMatchObject({ status: 200, body: { required: true, authenticated: true } });
    const set = login.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/HttpOnly; SameSite=Strict/);
    expect(set).not.toContain(TOKEN);
    const cookie = { cookie: set.split(';')[0] ?? '' };
    expect((await gateway.get('/api/fleet', cookie)).status).toBe(200);
    expect((await gateway.get('/api/session', cookie)).body).toEqual({ required: true, authenticated: true });
    const browser = new TestBrowser(gateway.url, { headers: cookie });
    try {
      await browser.join('fleet');
    } finally {
      browser.close();
    }
    const logout = await gateway.call('DELETE', '/api/session', undefined, cookie);
    expect([logout.status, logout.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringContaining('Max-Age=0'),
    ]);
  });

  it('is refused from a page of another origin', async () => {
    const reply = await gateway.call(
      'POST',
      '/api/session',
      { token: TOKEN },
      { origin: 'http://evil.example' },
    );
    expect(reply).toMatchObject({ status: 403, error: { code: 'origin_not_allowed' } });
  });

  it('may be tried only so often', async () => {
    const codes: (string | undefined)[] = [];
    for (let attempt = 0; attempt < 15; attempt++) {
      codes.push((await gateway.call('POST', '/api/session', { token: 'wrong-token-wrong' })).error?.code);
    }
    expect(codes[0]).toBe('wrong_token');
    expect(codes.at(-1)).toBe('rate_limited');
    // The token itself still opens the door: only guessing is slowed down.
    expect((await gateway.get('/api/fleet', BEARER)).status).toBe(200);
  });
});

describe('names and origins', () => {
  it('other names are turned away, also with the token', async () => {
    expect(await statusWithHost('localhost', '/api/fleet')).toBe(200);
    expect(await statusWithHost('evil.example', '/api/fleet')).toBe(403);
    expect(await statusWithHost('evil.example', '/socket.io/?EIO=4&transport=polling')).toBe(403);
  });

  it('a socket of another origin is turned away, also with the token', async () => {
    const browser = new TestBrowser(gateway.url, { headers: { ...BEARER, origin: 'http://evil.example' } });
    try {
      const refused = new Promise<boolean>((resolve) =>
        browser.socket.once('connect_error', () => resolve(true)),
      );
      expect(await refused).toBe(true);
    } finally {
      browser.close();
    }
  });
});

describe('a start that would leave the door open', () => {
  it('does not happen, and says what to set', async () => {
    const { service } = await world.spawn({ BOOCONTROL_HOST: '0.0.0.0' });
    await expect(service.waitReady()).rejects.toThrow(/BOOCONTROL_ADMIN_TOKEN/);
    expect(await service.stop()).toBe(1);
    expect(service.output()).not.toContain('file://');
  });
});
