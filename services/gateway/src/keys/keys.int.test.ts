import { createHash } from 'node:crypto';
import type { ApiKey, CreatedApiKey } from '@boocontrol/contracts';
import { testPostgres, waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestGateway } from '../testing/gateway.js';
import { ADMIN_TOKEN, recordKeeping, type RecordKeeping } from '../testing/records.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;
let other: RecordKeeping;
const onTheBus: string[] = [];

beforeAll(async () => {
  world = await World.create();
  world.bus.nc.subscribe('>', {
    callback: (_error, message) => void onTheBus.push(`${message.subject} ${message.string()}`),
  });
  gateway = await world.gateway({ LOG_LEVEL: 'trace' });
  await waitFor(async () => (await gateway.get('/api/keys')).status === 200, { what: 'the database' });
  other = await recordKeeping(world);
});
afterAll(async () => {
  await other?.stop();
  await world?.stop();
});

async function make(input: object = {}): Promise<CreatedApiKey> {
  const { status, body } = await gateway.call<CreatedApiKey>('POST', '/api/keys', {
    name: 'Laptop',
    label: 'laptop',
    ...input,
  });
  expect(status).toBe(201);
  return body;
}
const listed = async (): Promise<ApiKey[]> => (await gateway.get<{ keys: ApiKey[] }>('/api/keys')).body.keys;
/** The status with which the other gateway answers now. */
const statusOf = (key: string, keeping = other): number => {
  const entry = keeping.keys.doorkeeper.admit(`Bearer ${key}`, Date.now());
  if (entry.ok) entry.release?.();
  return entry.ok ? 200 : entry.status;
};
const untilStatus = (key: string, status: number, keeping = other): Promise<boolean> =>
  waitFor(() => statusOf(key, keeping) === status, { what: `${status}` });

describe('a key', () => {
  it('is told once: no list, row, log line or message has it', async () => {
    const { apiKey, key } = await make({ models: ['qwen*'], monthlyTokens: 5_000_000_000 });
    expect(key).toMatch(/^boo_[A-Za-z0-9_-]{43}$/);
    expect(apiKey).toMatchObject({ models: ['qwen*'], monthlyTokens: 5_000_000_000, frontier: false });
    expect(await listed()).toContainEqual(apiKey);
    expect((await gateway.get('/api/keys')).body).toMatchObject({ isNeeded: false });
    await untilStatus(key, 200);
    const hash = createHash('sha256').update(key).digest('hex');
    const rows = await other.rows<{ row: string }>(`SELECT k::text AS row FROM gateway.api_keys k`);
    expect(rows.some(({ row }) => row.includes(hash))).toBe(true);
    const everything = [JSON.stringify([rows, await listed()]), gateway.service.output(), ...onTheBus];
    const secret = key.slice('boo_'.length);
    for (const said of everything) expect(said).not.toContain(secret);
    expect(onTheBus.some((message) => message.startsWith('boo.keys.changed'))).toBe(true);
    for (const said of onTheBus) expect(said).not.toContain(hash);
  });

  it('is another each time', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => make()));
    expect(new Set(keys.map(({ key }) => key)).size).toBe(5);
    expect(new Set(keys.map(({ apiKey }) => apiKey.id)).size).toBe(5);
  });

  it('is changed, disabled and removed at every gateway from the next request on', async () => {
    const { apiKey, key } = await make({ concurrentRequests: 3, expiresAt: '2999-01-01T00:00:00+01:00' });
    const path = `/api/keys/${apiKey.id}`;
    expect(apiKey.expiresAt).toBe('2998-12-31T23:00:00.000000Z');
    const renamed = await gateway.call<ApiKey>('PATCH', path, { name: 'Renamed', concurrentRequests: null });
    expect(renamed.body).toEqual({ ...apiKey, name: 'Renamed', concurrentRequests: null });
    await untilStatus(key, 200);
    const disabled = await gateway.call<ApiKey>('PATCH', path, { isDisabled: true });
    expect(disabled.body.disabledAt).not.toBeNull();
    expect((await gateway.call<ApiKey>('PATCH', path, { isDisabled: true })).body).toEqual(disabled.body);
    await untilStatus(key, 401);
    await gateway.call('PATCH', path, { isDisabled: false, requestsPerMinute: 1 });
    await untilStatus(key, 200);
    expect(statusOf(key)).toBe(429);
    await gateway.call('PATCH', path, { requestsPerMinute: null, expiresAt: '2020-01-01T00:00:00Z' });
    await untilStatus(key, 401);
    await gateway.call('PATCH', path, { expiresAt: null });
    await untilStatus(key, 200);
    expect((await gateway.call('DELETE', path)).status).toBe(204);
    await untilStatus(key, 401);
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PATCH', {}],
    ] as const) {
      const { status, error } = await gateway.call(method, path, body);
      expect([status, error?.code]).toEqual([404, 'not_found']);
    }
  });

  it.each([
    { name: '' },
    { name: 'a\u0000b' },
    { label: 'Not A Source' },
    { requestsPerMinute: 0 },
    { monthlyTokens: 1.5 },
    { policies: ['drift'] },
    { models: [''] },
    { expiresAt: 'tomorrow' },
    { key: 'boo_mine' },
    { hash: '00' },
  ])('%j is refused', async (input) => {
    const before = (await listed()).length;
    const { status } = await gateway.call('POST', '/api/keys', { name: 'x', label: 'x', ...input });
    expect([status, (await listed()).length]).toEqual([400, before]);
  });

  it('opens frontier providers only where it says so, as the registry says which they are', async () => {
    const baseUrl = 'http://127.0.0.1:9';
    const [{ key }, all] = await Promise.all([make(), make({ frontier: true })]);
    await untilStatus(all.key, 200);
    await untilStatus(key, 200);
    const added = await gateway.call('POST', '/api/providers', {
      id: 'cloud',
      kind: 'openai',
      baseUrl,
    });
    expect(added.status).toBe(201);
    const allows = (of: string): boolean | undefined => {
      const entry = other.keys.doorkeeper.admit(`Bearer ${of}`, Date.now());
      return entry.ok ? entry.grant?.allows('cloud', 'm', null) : undefined;
    };
    await waitFor(() => allows(key) === false, { what: 'the registry' });
    expect(allows(all.key)).toBe(true);
    await gateway.call('PATCH', '/api/providers/cloud', { frontier: false });
    await waitFor(() => allows(key) === true, { what: 'the change of the registry' });
  });
});

describe('a gateway that other machines reach', () => {
  it('says at its start that there is no key, and its own door takes none for the admin token', async () => {
    const open = await World.create();
    const exposure = { BOOCONTROL_HOST: '0.0.0.0', BOOCONTROL_ADMIN_TOKEN: ADMIN_TOKEN };
    try {
      const exposed = await open.spawn(exposure);
      await waitFor(() => exposed.service.output().includes('/v1 asks for a key, and there is none yet'), {
        what: 'the sentence',
      });
      const admin = { authorization: `Bearer ${ADMIN_TOKEN}` };
      const input = { name: 'x', label: 'x' };
      expect((await exposed.call('POST', '/api/keys', input)).status).toBe(401);
      const { body, status } = await exposed.call<CreatedApiKey>('POST', '/api/keys', input, admin);
      expect(status).toBe(201);
      expect((await exposed.get('/api/keys', { authorization: `Bearer ${body.key}` })).status).toBe(401);
      expect((await exposed.get('/api/keys', admin)).body).toMatchObject({ isNeeded: true });
      const again = await open.spawn(exposure);
      await waitFor(async () => (await again.get('/api/keys', admin)).status === 200, {
        what: 'the database',
      });
      expect(again.service.output()).not.toContain('asks for a key');
      const keeping = await recordKeeping(open, '0.0.0.0');
      try {
        expect(keeping.keys.doorkeeper.admit(undefined, Date.now())).toMatchObject({
          ok: false,
          status: 401,
        });
        expect(statusOf(body.key, keeping)).toBe(200);
      } finally {
        await keeping.stop();
      }
    } finally {
      await open.stop();
    }
  });
});

describe('while the database is away', () => {
  it('keys let in as before; what changed meanwhile holds when it is back', async () => {
    const postgres = await testPostgres();
    const env = { ...world.env, DATABASE_URL: postgres.url };
    const keeping = await recordKeeping({ bus: world.bus, env });
    const own = await world.gateway({ DATABASE_URL: postgres.url });
    try {
      await waitFor(async () => (await own.get('/api/keys')).status === 200, { what: 'the database' });
      const { body } = await own.call<CreatedApiKey>('POST', '/api/keys', { name: 'x', label: 'x' });
      await untilStatus(body.key, 200, keeping);
      await postgres.kill9();
      expect((await own.call('POST', '/api/keys', { name: 'y', label: 'y' })).status).toBe(503);
      world.bus.nc.publish('boo.keys.changed');
      await world.bus.nc.flush();
      expect(statusOf(body.key, keeping)).toBe(200);
      await postgres.restart();
      await waitFor(async () => (await own.call('DELETE', `/api/keys/${body.apiKey.id}`)).status === 204, {
        what: 'the database to be back',
      });
      await untilStatus(body.key, 401, keeping);
    } finally {
      await own.service.stop();
      await keeping.stop();
      await postgres.stop();
    }
  });
});
