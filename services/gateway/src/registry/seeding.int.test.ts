import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProviderInputSchema, type PublicProvider } from '@boocontrol/contracts';
import { tempDir, waitFor, type TempDir } from '@boocontrol/testing';
import { Kvm } from '@nats-io/kv';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';
import { newProvider } from './provider.js';
import { ProviderStore } from './provider.store.js';

let world: World;
let dir: TempDir;
let gateway: TestGateway | undefined;

beforeEach(async () => {
  [world, dir] = await Promise.all([World.create(), tempDir()]);
});
afterEach(async () => {
  await world?.stop();
  await dir?.remove();
});

function file(yaml: string): string {
  const path = join(dir.path, 'boocontrol.yaml');
  writeFileSync(path, yaml);
  return path;
}
async function restart(env: Record<string, string>): Promise<TestGateway> {
  await gateway?.service.stop();
  gateway = await world.gateway(env);
  return gateway;
}
async function hosts(): Promise<PublicProvider[]> {
  return (await gateway?.get<{ providers: PublicProvider[] }>('/api/providers'))?.body.providers ?? [];
}
const ids = async (): Promise<string> => (await hosts()).map(({ id }) => id).join();
const registered = (expected: string): Promise<boolean> =>
  waitFor(async () => (await ids()) === expected, { what: `hosts ${expected}` });
const said = (text: string): Promise<boolean> =>
  waitFor(() => gateway?.service.output().includes(text), { what: `"${text}" in the log` });

const TWO =
  'providers:\n  - { id: a, baseUrl: "http://a", label: First }\n  - { id: b, baseUrl: "http://b" }\n';

describe('the fleet file', () => {
  it('registers its hosts once; what was changed or removed in the browser stays so until the file changes', async () => {
    const env = { BOOCONTROL_CONFIG: file(TWO) };
    const first = await restart(env);
    await registered('b,a');
    await first.call('PATCH', '/api/providers/a', { label: 'Mine' });
    expect((await first.call('DELETE', '/api/providers/b')).status).toBe(204);

    await restart(env);
    await said('b was removed in the browser and stays removed');
    expect((await hosts()).map(({ label, origin }) => [label, origin])).toEqual([['Mine', 'file']]);

    file(TWO.replace('http://b', 'http://b2').replace('First', 'Second'));
    await restart(env);
    await registered('b,a');
    expect((await hosts()).map(({ id, label, baseUrl }) => [id, label, baseUrl])).toEqual([
      ['b', 'b', 'http://b2'],
      ['a', 'Second', 'http://a'],
    ]);
  });

  it('whose host was removed in the browser does not bring it back when the bus was wiped, until it changes', async () => {
    const env = { BOOCONTROL_CONFIG: file(TWO) };
    const first = await restart(env);
    await registered('b,a');
    expect((await first.call('DELETE', '/api/providers/b')).status).toBe(204);
    await gateway?.service.stop();
    await world.bus.wipe();

    await restart(env);
    await said('b was removed in the browser and stays removed');
    await registered('a');

    file(TWO.replace('http://b', 'http://b2'));
    await restart(env);
    await registered('b,a');
  });

  it('whose host has the address of another one does not register it, and says so', async () => {
    const path = file('providers:\n  - { id: a, baseUrl: "http://localhost:1" }\n');
    await restart({ BOOCONTROL_CONFIG: path });
    await registered('a');
    file(
      'providers:\n  - { id: first, baseUrl: "http://127.0.0.1:1/" }\n  - { id: b, baseUrl: "http://b" }\n  - { id: c, baseUrl: "http://B." }\n',
    );
    await restart({ BOOCONTROL_CONFIG: path });
    await said('first is not registered as declared: \\"a\\" already has the address http://127.0.0.1:1');
    await said('c is not registered as declared: \\"b\\" already has the address');
    await registered('a,b');
  });

  it('may not name a link-local address, unless that is allowed', async () => {
    const path = file('providers:\n  - { id: meta, baseUrl: "http://0xa9fea9fe" }\n');
    gateway = await world.spawn({ BOOCONTROL_CONFIG: path });
    await expect(gateway.service.waitReady()).rejects.toThrow();
    expect(gateway.service.output()).toMatch(/meta: 169\.254\.169\.254 is a link-local/);
    await gateway.service.stop();
    await restart({ BOOCONTROL_CONFIG: path, BOOCONTROL_ALLOW_LINK_LOCAL: '1' });
    await registered('meta');
  });

  it('that cannot be used ends the start, with the line and the value', async () => {
    const broken = file('providers:\n  - id: a\n    baseUrl: ftp://a\n');
    gateway = await world.spawn({ BOOCONTROL_CONFIG: broken });
    await expect(gateway.service.waitReady()).rejects.toThrow();
    expect(gateway.service.output()).toMatch(/line 3, providers\[0\]\.baseUrl: .*found "ftp:\/\/a"/);
    expect(await gateway.service.stop()).toBe(1);
  });
});

describe('a demo', () => {
  it('goes with its hosts, and comes back with them', async () => {
    const demo = JSON.stringify([
      { id: 'sim-a', baseUrl: 'http://127.0.0.1:1001', origin: 'demo' },
      { id: 'flagged', baseUrl: 'http://f', origin: 'flag' },
    ]);
    const first = await restart({ BOOCONTROL_SEED: demo });
    await registered('flagged,sim-a');
    await first.call('POST', '/api/providers', { id: 'mine', baseUrl: 'http://mine' });
    await restart({ BOOCONTROL_SEED: '[]' });
    await registered('flagged,mine');
    await restart({ BOOCONTROL_SEED: demo });
    await registered('flagged,mine,sim-a');
  });
});

describe('an empty registry', () => {
  it('takes the first of two writes that were both decided on it', async () => {
    const [one, two] = [new ProviderStore(world.bus.nc), new ProviderStore(world.bus.nc)];
    const seen = await Promise.all([one.readAll(), two.readAll()]);
    expect(seen.map(({ lastSeq, entries }) => [lastSeq, entries.size])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const input = ProviderInputSchema.parse({ id: 'a', baseUrl: 'http://a' });
    const provider = newProvider(input, '2026-11-21T12:00:00.000000Z');
    const written = await Promise.all([
      one.put(provider, seen[0]),
      two.put({ ...provider, id: 'b' }, seen[1]),
    ]);
    expect(written.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await one.readAll()).entries.size).toBe(1);
  });
});

describe('a registry entry that cannot be read', () => {
  it('is left out, with the reason in the log, and can be removed', async () => {
    const kv = await new Kvm(world.bus.nc).open('providers');
    await kv.put('broken', '{"id":"broken"}');
    await kv.put('worse', 'not JSON');
    const running = await restart({});
    await said('ignored a registry entry');
    await running.call('POST', '/api/providers', { id: 'fine', baseUrl: 'http://fine' });
    expect(await ids()).toBe('fine');
    expect((await running.call('PATCH', '/api/providers/broken', { label: 'x' })).status).toBe(404);
    expect((await running.call('DELETE', '/api/providers/broken')).status).toBe(204);
    expect((await running.call('POST', '/api/providers', { id: 'broken', baseUrl: 'http://b' })).status).toBe(
      201,
    );
  });
});
