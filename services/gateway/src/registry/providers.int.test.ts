import {
  BUCKET,
  calls,
  subjectOf,
  type FleetResponse,
  type Provider,
  type PublicProvider,
} from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { Kvm } from '@nats-io/kv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway({ TOWER_API_KEY: 'secret-key-value' });
  await waitFor(async () => (await gateway.get('/api/fleet')).status === 200, { what: 'the first rebuild' });
});
afterAll(() => world?.stop());

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
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409]);
    expect(replies.find(({ status }) => status === 409)?.error?.code).toBe('exists');
    await gateway.call('DELETE', '/api/providers/twin');
  });

  it('has an address once, however it is written, and names the host that has it', async () => {
    const local = await gateway.call('POST', '/api/providers', {
      id: 'here',
      label: 'This machine',
      baseUrl: 'http://localhost:8080',
    });
    expect(local.status).toBe(201);
    await gateway.call('POST', '/api/providers', { id: 'there', baseUrl: 'http://there' });
    const forms = [
      'http://127.0.0.1:8080',
      'HTTP://LOCALHOST:8080/',
      'http://[::1]:8080//',
      'http://localhost:8080/v1',
    ];
    const replies = await Promise.all([
      ...forms.map((baseUrl) => gateway.call('POST', '/api/providers', { id: 'again', baseUrl })),
      ...forms.map((baseUrl) => gateway.call('PATCH', '/api/providers/there', { baseUrl })),
    ]);
    for (const { status, error } of replies) {
      expect([status, error?.code]).toEqual([409, 'address_taken']);
      expect(error?.message).toContain('"This machine" (here)');
      expect(error?.details).toMatchObject([{ path: 'baseUrl', providerId: 'here', label: 'This machine' }]);
    }
    const own = await gateway.call('PATCH', '/api/providers/here', { baseUrl: 'http://127.0.0.1:8080' });
    expect([own.status, await gateway.call('DELETE', '/api/providers/here')]).toMatchObject([
      200,
      { status: 204 },
    ]);
    const freed = await gateway.call('PATCH', '/api/providers/there', { baseUrl: forms[0] });
    expect(freed.status).toBe(200);
    await gateway.call('DELETE', '/api/providers/there');
  });

  it('gives an address to one of many who want it at once, at two gateways', async () => {
    const other = await world.gateway();
    const wanted = [1, 2, 3, 4, 5, 6].map((n) => ({ id: `racer-${n}`, baseUrl: 'http://racer' }));
    const replies = await Promise.all(
      wanted.map((body, n) => (n % 2 === 0 ? gateway : other).call('POST', '/api/providers', body)),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ error }) => error?.code === 'address_taken')).toHaveLength(5);
    const won = wanted[replies.findIndex(({ status }) => status === 201)];
    const moved = await Promise.all(
      [gateway, other].map(async (each, n) => {
        const id = `mover-${n}`;
        await each.call('POST', '/api/providers', { id, baseUrl: `http://${id}` });
        return each.call('PATCH', `/api/providers/${id}`, { baseUrl: 'http://goal' });
      }),
    );
    expect(new Set(moved.map(({ status }) => status))).toEqual(new Set([200, 409]));
    for (const id of [won?.id, 'mover-0', 'mover-1']) await gateway.call('DELETE', `/api/providers/${id}`);
    await other.service.stop();
  });

  it.each([
    ['POST', '/api/providers', { id: 'a', baseUrl: 'http://a', colour: 'red' }, 400, 'validation', 'colour'],
    ['POST', '/api/providers', { id: 'a.b', baseUrl: 'http://a' }, 400, 'validation', 'id'],
    ['POST', '/api/providers', { id: 'constructor', baseUrl: 'http://a' }, 400, 'validation', 'id'],
    ['POST', '/api/providers', { id: 'a', baseUrl: 'http://a', label: 'a\0b' }, 400, 'validation', 'label'],
    ['PUT', '/api/favorites/tower/a%00b', undefined, 400, 'validation', 'model'],
    ['PUT', '/api/favorites/tower/%ED%A0%80', undefined, 400, 'bad_request', '%ED%A0%80'],
    ['GET', '/api/activity?model=a%00b', undefined, 400, 'validation', 'model'],
    ['GET', '/api/activity?reqPath=%00', undefined, 400, 'validation', 'reqPath'],
    ['POST', '/api/providers', { id: 'a', baseUrl: 'http://u:p@a' }, 400, 'validation', 'apiKeyEnv'],
    ['POST', '/api/providers', '{bad', 400, 'bad_request', 'JSON'],
    ['POST', '/api/providers', `{"id":"${'a'.repeat(300_000)}"}`, 413, 'too_large', ''],
    [
      'POST',
      '/api/providers',
      { id: 'a', baseUrl: 'http://2852039166' },
      400,
      'validation',
      '169.254.169.254',
    ],
    ['PATCH', '/api/providers/a', { baseUrl: 'http://[fe80::1]' }, 400, 'validation', 'baseUrl'],
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

  it('shows nothing of entries that are no host’s', async () => {
    const kv = await new Kvm(world.bus.nc).open(BUCKET.providers);
    await gateway.call('POST', '/api/providers', { ...TOWER, id: 'good' });
    const good = (await kv.get('good'))?.json<Provider>();
    const bad: [string, object][] = [
      ['phantom', { ...good, id: 'other' }],
      ['with-password', { ...good, id: 'with-password', baseUrl: 'http://user:sesame@a' }],
      ['any-variable', { ...good, id: 'any-variable', apiKeyEnv: 'DATABASE_URL' }],
    ];
    for (const [key, value] of bad) await kv.put(key, JSON.stringify(value));
    await kv.put('last', JSON.stringify({ ...good, id: 'last' }));
    const shown = async (): Promise<string[]> =>
      (await gateway.get<{ providers: PublicProvider[] }>('/api/providers')).body.providers.map(
        ({ id }) => id,
      );
    await waitFor(async () => (await shown()).includes('last'), { what: 'the entry written last' });
    expect((await shown()).sort()).toEqual(['good', 'last']);
    for (const key of ['good', 'last', ...bad.map(([key]) => key)])
      expect((await gateway.call('DELETE', `/api/providers/${key}`)).status).toBe(204);
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
    const holder = world.bus.answer(subjectOf(calls.reconnect, { providerId: 'link' }), (question) => {
      asked.push(question);
      return { accepted: true };
    });
    await world.bus.nc.flush();
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
