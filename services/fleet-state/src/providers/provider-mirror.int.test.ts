import { bucketStream, BUCKET, type Provider } from '@boocontrol/contracts';
import { HealthRegistry, JetStreamSetup, pause, ProviderDirectory } from '@boocontrol/platform';
import { waitFor } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fleetDatabase, quiet, type FleetDatabase } from '../testing/database.js';
import { noon, provider } from '../testing/facts.js';
import { testBus, type TestBus } from '../testing/service.js';
import { ProviderMirror } from './provider-mirror.js';

let database: FleetDatabase;
let bus: TestBus;
let directory: ProviderDirectory;
let mirror: ProviderMirror;
let health: HealthRegistry;
const prepareBus = (): Promise<void> => new JetStreamSetup(bus.nc).ensure();
const startMirror = (): void => {
  health = new HealthRegistry({ service: 'test', instance: '1', version: '0', startedAt: noon() });
  directory = new ProviderDirectory(bus.nc, quiet, new JetStreamSetup(bus.nc));
  mirror = new ProviderMirror(directory, bus.nc, database.source, quiet, health);
  directory.onApplicationBootstrap();
  mirror.onApplicationBootstrap();
};
const stopMirror = async (): Promise<void> => {
  await mirror.beforeApplicationShutdown();
  await directory.beforeApplicationShutdown();
};

beforeEach(async () => {
  database = await fleetDatabase();
  bus = await testBus();
  await prepareBus();
  startMirror();
});
afterEach(async () => {
  await stopMirror();
  await bus.close();
  await database.drop();
});

const bucket = (): Promise<KV> => new Kvm(bus.nc).open(BUCKET.providers);
const put = async (entry: Provider): Promise<number> => (await bucket()).put(entry.id, JSON.stringify(entry));
const keys = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const key of await (await bucket()).keys()) found.push(key);
  return found.toSorted();
};
const live = async (): Promise<string> =>
  (
    await database.rows<{ id: string }>(
      `SELECT provider_id AS id FROM fleet.hosts WHERE removed_at IS NULL ORDER BY 1`,
    )
  )
    .map(({ id }) => id)
    .join(' ');
const untilLive = (ids: string): Promise<unknown> =>
  waitFor(async () => (await live()) === ids, { what: `live hosts "${ids}"` });
/** The bus as after a loss of its disk: everything gone, made anew by somebody. */
const wipe = async (): Promise<void> => {
  const jsm = await jetstreamManager(bus.nc);
  await jsm.streams.delete(bucketStream(BUCKET.providers));
};

test('added, changed, removed and added again', async () => {
  await put(provider({ sshHost: 'tower.lan', apiKeyEnv: 'TOWER_API_KEY' }));
  await put(provider({ id: 'nas', label: 'NAS' }));
  await untilLive('nas tower');
  const [row] = await database.rows(
    `SELECT kind, base_url, label, ssh_host, api_key_env, tags, enabled, os FROM fleet.hosts WHERE provider_id = 'tower'`,
  );
  expect(row).toEqual({
    kind: 'llama-swap',
    base_url: 'http://127.0.0.1:8080',
    label: 'Tower',
    ssh_host: 'tower.lan',
    api_key_env: 'TOWER_API_KEY',
    tags: ['gpu'],
    enabled: true,
    os: null,
  });
  await (await bucket()).delete('nas');
  await untilLive('tower');
  await put(provider({ id: 'nas', enabled: false }));
  await untilLive('nas tower');
  expect(await database.rows(`SELECT enabled FROM fleet.hosts WHERE provider_id = 'nas'`)).toEqual([
    { enabled: false },
  ]);
});

test('what changed while nobody looked', async () => {
  await put(provider());
  await put(provider({ id: 'nas' }));
  await untilLive('nas tower');
  await stopMirror();
  await (await bucket()).delete('tower');
  await put(provider({ id: 'mini' }));
  startMirror();
  await untilLive('mini nas');
});

test('a wiped bucket gets its providers back, exactly as they were', async () => {
  const tower = provider({
    seedHash: 'abc',
    tags: ['a', 'b'],
    maintenance: { since: noon(), note: 'new fans' },
    protectedModels: ['org/model'],
  });
  await put(tower);
  await put(provider({ id: 'nas' }));
  await put(provider({ id: 'gone' }));
  await untilLive('gone nas tower');
  await (await bucket()).delete('gone');
  await untilLive('nas tower');
  await wipe();
  await waitFor(async () => (await keys()).join(' ') === 'nas tower', { what: 'the providers to be back' });
  expect((await (await bucket()).get('tower'))?.json()).toEqual(tower);
  expect(await live()).toBe('nas tower');
});

test('who wrote to the new bucket first wins, and does not cost the others', async () => {
  await put(provider());
  await put(provider({ id: 'nas' }));
  await untilLive('nas tower');
  await stopMirror();
  await wipe();
  await prepareBus();
  // The new bucket is further on than the old one was: only its birth tells that it is another.
  for (let i = 0; i < 5; i++) await put(provider({ label: 'Declared again' }));
  startMirror();
  await waitFor(async () => (await keys()).join(' ') === 'nas tower', { what: 'the other one to be back' });
  expect((await (await bucket()).get('tower'))?.json()).toMatchObject({ label: 'Declared again' });
  await waitFor(
    async () =>
      (await database.rows(`SELECT 1 FROM fleet.hosts WHERE label = 'Declared again'`)).length === 1,
    { what: 'the new label in the table' },
  );
  expect(await live()).toBe('nas tower');
});

test('a bucket that somebody emptied stays empty', async () => {
  await put(provider());
  await untilLive('tower');
  await (await bucket()).purge('tower');
  await untilLive('');
  await stopMirror();
  startMirror();
  await waitFor(async () => (await health.report()).checks['providers']?.status === 'up', {
    what: 'the mirror',
  });
  expect(await keys()).toEqual([]);
});

test('an entry that is no provider is left alone, and so are the others', async () => {
  await put(provider());
  await untilLive('tower');
  const kv = await bucket();
  await kv.put('nas', 'not json');
  await kv.put('mini', JSON.stringify(provider({ id: 'other' })));
  await kv.put('tower', JSON.stringify({ id: 'tower' }));
  await put(provider({ id: 'good' }));
  await untilLive('good tower');
});

test('the bus away for a while', async () => {
  await put(provider());
  await untilLive('tower');
  await bus.nats.kill9();
  await pause(0);
  await bus.nats.restart();
  await waitFor(() => put(provider({ id: 'nas' })), { what: 'the bus' });
  await untilLive('nas tower');
});

test('a table that was emptied, or put back to an older copy, is filled again', async () => {
  await put(provider());
  await put(provider({ id: 'nas' }));
  await untilLive('nas tower');
  await database.source.query(`TRUNCATE fleet.hosts, fleet.providers_bucket`);
  await untilLive('nas tower');
  await (await bucket()).delete('nas');
  await untilLive('tower');
  await database.source.query(
    `WITH back AS (UPDATE fleet.providers_bucket SET revision = 1)
     UPDATE fleet.hosts SET removed_at = NULL WHERE provider_id = 'nas'`,
  );
  await untilLive('tower');
  expect(await keys()).toEqual(['tower']);
});
