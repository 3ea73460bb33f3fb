import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUCKET, type FleetResponse, type Provider, type PublicProvider } from '@boocontrol/contracts';
import { tempDir, waitFor, type TempDir } from '@boocontrol/testing';
import { Kvm } from '@nats-io/kv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBrowser } from '../testing/browser.js';
import type { Reply, TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let dir: TempDir;
let gateway: TestGateway;

const declared = (label: string): string =>
  `providers:\n  - { id: tower, baseUrl: "http://tower", label: ${label} }\n`;
const file = (): string => join(dir.path, 'boocontrol.yaml');

async function restart(): Promise<void> {
  await gateway?.service.stop();
  gateway = await world.gateway({ BOOCONTROL_CONFIG: file() });
  await waitFor(async () => (await gateway.get('/api/fleet')).status === 200, { what: 'the fleet' });
  await waitFor(async () => (await host()) !== undefined, { what: 'the declared host' });
}
async function host(): Promise<PublicProvider | undefined> {
  const { body } = await gateway.get<FleetResponse>('/api/fleet');
  return body.hosts.find(({ providerId }) => providerId === 'tower')?.provider;
}
const TOWER = '/api/providers/tower';
const put = (path: string, body?: unknown): Promise<Reply> => gateway.call('PUT', `${TOWER}/${path}`, body);
const end = (path: string): Promise<Reply> => gateway.call('DELETE', `${TOWER}/${path}`);

beforeAll(async () => {
  [world, dir] = await Promise.all([World.create(), tempDir()]);
  writeFileSync(file(), declared('First'));
  await restart();
});
afterAll(async () => {
  await world?.stop();
  await dir?.remove();
});

describe('maintenance and protection', () => {
  it('begin, are seen at once by every browser, and end', async () => {
    const browser = new TestBrowser(gateway.url);
    const seen = (): PublicProvider | undefined => browser.providers.find(({ id }) => id === 'tower');
    try {
      await browser.join('fleet');
      expect((await put('maintenance', { note: 'new fans' })).status).toBe(204);
      expect((await put('protected/org/model')).status).toBe(204);
      expect((await put('protected/org%2Fmodel')).status).toBe(204);
      expect((await put('protected/a%20b')).status).toBe(204);
      const after = await host();
      expect(after).toMatchObject({
        maintenance: { note: 'new fans' },
        protectedModels: ['org/model', 'a b'],
      });
      await waitFor(() => seen()?.maintenance?.note === 'new fans' && seen()?.protectedModels?.length === 2, {
        what: 'both in the browser',
      });

      expect((await put('maintenance', {})).status).toBe(204);
      expect((await host())?.maintenance).toEqual({ since: after?.maintenance?.since, note: null });
      for (const path of ['maintenance', 'protected/org/model', 'protected/a%20b', 'protected/never'])
        for (const time of ['once', 'twice'])
          expect([path, time, (await end(path)).status]).toEqual([path, time, 204]);
      const free = await host();
      expect(free).not.toHaveProperty('maintenance');
      expect(free).not.toHaveProperty('protectedModels');
      await waitFor(() => seen()?.maintenance === undefined && seen()?.protectedModels === undefined, {
        what: 'neither in the browser',
      });
    } finally {
      browser.close();
    }
  });

  it('end by themselves when that was said, and begin anew after that', async () => {
    const until = '2126-11-21T15:00:00+01:00';
    expect((await put('maintenance', { note: 'fans', until })).status).toBe(204);
    const first = (await host())?.maintenance;
    expect(first).toMatchObject({ note: 'fans', until: '2126-11-21T14:00:00.000000Z' });
    expect((await put('maintenance', { note: 'fans' })).status).toBe(204);
    expect((await host())?.maintenance).toEqual({ since: first?.since, note: 'fans' });

    const kv = await new Kvm(world.bus.nc).open(BUCKET.providers);
    const stored = (await kv.get('tower'))?.json<Provider>();
    const over = { since: '2026-01-01T00:00:00.000000Z', note: 'fans', until: '2026-01-02T00:00:00.000000Z' };
    await kv.put('tower', JSON.stringify({ ...stored, maintenance: over }));
    expect((await put('maintenance', { note: 'fans', until })).status).toBe(204);
    expect((await host())?.maintenance?.since).not.toBe(over.since);
    expect((await end('maintenance')).status).toBe(204);
  });

  it('outlive edits, restarts, and another declaration of the host', async () => {
    await put('maintenance', { note: 'moving' });
    await put('protected/org/model');
    const before = await host();
    expect((await gateway.call('PATCH', TOWER, { label: 'Mine', tags: ['x'] })).status).toBe(200);
    expect(await host()).toMatchObject({ label: 'Mine', maintenance: before?.maintenance });
    await restart();
    expect(await host()).toMatchObject({ label: 'Mine', maintenance: before?.maintenance });
    writeFileSync(file(), declared('Second'));
    await restart();
    await waitFor(async () => (await host())?.label === 'Second', { what: 'the new declaration' });
    expect(await host()).toMatchObject({
      maintenance: before?.maintenance,
      protectedModels: ['org/model'],
      createdAt: before?.createdAt,
    });
    await end('maintenance');
    await end('protected/org/model');
  });

  it('of many that come at once, none is lost', async () => {
    const models = Array.from({ length: 12 }, (_, n) => `model-${n}`);
    const replies = await Promise.all([
      put('maintenance', { note: 'busy' }),
      gateway.call('PATCH', TOWER, { label: 'Busy' }),
      ...models.map((model) => put(`protected/${model}`)),
    ]);
    expect(replies.map(({ status }) => status).filter((status) => status >= 300)).toEqual([]);
    const after = await host();
    expect(after).toMatchObject({ label: 'Busy', maintenance: { note: 'busy' } });
    expect([...(after?.protectedModels ?? [])].sort()).toEqual([...models].sort());
    await Promise.all([end('maintenance'), ...models.map((model) => end(`protected/${model}`))]);
    expect(await host()).not.toHaveProperty('protectedModels');
  });

  it('that are so already write nothing', async () => {
    await put('maintenance', { note: 'still' });
    await put('protected/one');
    const kv = await new Kvm(world.bus.nc).open(BUCKET.providers);
    const revision = async (): Promise<number | undefined> => (await kv.get('tower'))?.revision;
    const before = await revision();
    await put('maintenance', { note: 'still' });
    await put('protected/one');
    await end('protected/two');
    expect(await revision()).toBe(before);
    await end('maintenance');
    await end('protected/one');
    expect(await revision()).not.toBe(before);
  });

  it('protect no more models than an entry holds', async () => {
    const kv = await new Kvm(world.bus.nc).open(BUCKET.providers);
    const stored = (await kv.get('tower'))?.json<Provider>();
    const protectedModels = Array.from({ length: 256 }, (_, n) => `m${n}`);
    await kv.put('tower', JSON.stringify({ ...stored, protectedModels }));
    const { status, error } = await put('protected/one-more');
    expect([status, error?.code]).toEqual([409, 'too_many_protected']);
    expect((await put('protected/m7')).status).toBe(204);
    await kv.put('tower', JSON.stringify(stored));
  });

  it.each([
    ['PUT', '/api/providers/nobody/maintenance', {}, 404, 'nobody'],
    ['DELETE', '/api/providers/nobody/maintenance', undefined, 404, 'nobody'],
    ['PUT', '/api/providers/nobody/protected/m', undefined, 404, 'nobody'],
    ['PUT', '/api/providers/TOWER/maintenance', {}, 400, 'id'],
    ['PUT', `${TOWER}/maintenance`, undefined, 400, 'body'],
    ['PUT', `${TOWER}/maintenance`, { note: 'a\nb' }, 400, 'note'],
    ['PUT', `${TOWER}/maintenance`, { note: 'x'.repeat(161) }, 400, 'note'],
    ['PUT', `${TOWER}/maintenance`, { since: '2026-01-01T00:00:00.000000Z' }, 400, 'since'],
    ['PUT', `${TOWER}/maintenance`, { until: '2026-01-01T00:00:00Z' }, 400, 'until'],
    ['PUT', `${TOWER}/maintenance`, { until: 'tomorrow' }, 400, 'until'],
    ['PUT', `${TOWER}/protected/a%00b`, undefined, 400, 'model'],
    ['PUT', `${TOWER}/protected/${'m'.repeat(257)}`, undefined, 400, 'model'],
    ['PATCH', TOWER, { maintenance: { note: null } }, 400, 'maintenance'],
  ])('%s %s with %j: %i', async (method, path, body, status, named) => {
    const reply = await gateway.call(method, path, body);
    expect(reply.status).toBe(status);
    expect(reply.error?.message).toContain(named);
  });
});
