import { bucketStream, BUCKET, ProviderSchema, type Provider } from '@boocontrol/contracts';
import { Kvm, type KV } from '@nats-io/kv';
import { jetstreamManager } from '@nats-io/jetstream';
import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { baseConfig, loadConfig, type BaseConfig } from '../config/config.js';
import { startService, type RunningService } from '../service/start-service.js';
import { ProviderDirectory } from './provider-directory.js';
import { ProviderDirectoryModule } from './provider-directory.module.js';

let nats: TestNats;
let service: RunningService<BaseConfig>;
let directory: ProviderDirectory;
let changes = 0;

beforeAll(async () => {
  nats = await testNats();
  const config = loadConfig(baseConfig, { NATS_URL: nats.url, LOG_LEVEL: 'silent' });
  service = await startService({ name: 'reader', config, module: ProviderDirectoryModule });
  directory = service.app.get(ProviderDirectory);
  directory.onChange(() => changes++);
  await directory.ready;
});
afterAll(async () => {
  await service?.stop();
  await nats?.stop();
});

const bucket = (): Promise<KV> => new Kvm(service.platform.nc).open(BUCKET.providers);

const provider = (id: string): Provider =>
  ProviderSchema.parse({
    id,
    kind: 'llama-swap',
    baseUrl: 'http://127.0.0.1:8080',
    label: id,
    enabled: true,
    tags: [],
    origin: 'api',
    createdAt: '2026-11-21T12:00:00.000000Z',
    updatedAt: '2026-11-21T12:00:00.000000Z',
  });

const put = async (id: string): Promise<number> => (await bucket()).put(id, JSON.stringify(provider(id)));

const ids = (): string[] => (directory.providers ?? []).map(({ id }) => id).sort();

it('follows what is written and deleted, and passes over what is no provider', async () => {
  await put('tower');
  await put('mac');
  await waitFor(() => ids().length === 2, { what: 'both hosts' });
  const kv = await bucket();
  await kv.put('garbled', 'not json');
  await kv.put('other', JSON.stringify(provider('tower')));
  await kv.delete('mac');
  await waitFor(() => ids().length === 1, { what: 'one host less' });
  expect(ids()).toEqual(['tower']);
  expect(directory.get('garbled')).toBe(null);
  expect(directory.get('tower')).toEqual(provider('tower'));
  expect(directory.trouble).toBe(null);
});

it('a write of ours is there at once, and its echo or an older one changes nothing', async () => {
  const revision = await put('own');
  directory.note('own', revision, provider('own'));
  expect(ids()).toContain('own');
  const before = changes;
  directory.note('own', revision, null);
  expect(ids()).toContain('own');
  expect(changes).toBe(before);
});

it('is right again after the bus was killed, and after its bucket was made anew', async () => {
  await nats.kill9();
  await nats.restart();
  await waitFor(() => put('late').then(() => true), { what: 'a write after the restart' });
  await waitFor(() => ids().includes('late'), { what: 'the host that came after the restart' });
  await (await jetstreamManager(service.platform.nc)).streams.delete(bucketStream(BUCKET.providers));
  await waitFor(() => put('fresh').then(() => true), { what: 'the bucket to be there again' });
  await waitFor(() => ids().join() === 'fresh', { what: 'only what the new bucket has' });
});
