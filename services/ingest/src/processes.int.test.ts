import { calls, BUCKET, type Provider } from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { spawnService, waitFor, type RunningService } from '@boocontrol/testing';
import { Kvm, type KV } from '@nats-io/kv';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Bench, providerOf } from './testing/bench.js';

// Takeovers take their time: a lease lives 8 s.
vi.setConfig({ testTimeout: 120_000 });

let bench: Bench;
let providers: KV;
let cleanUp: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  bench = await Bench.open();
  providers = await new Kvm(bench.nc).open(BUCKET.providers);
});
afterEach(async () => {
  for (const clean of cleanUp.reverse()) await clean();
  cleanUp = [];
  await bench.close();
});

async function ingest(instance: string): Promise<RunningService> {
  const service = await spawnService('services/ingest/dist/main.js', {
    NATS_URL: bench.nats.url,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    SERVICE_INSTANCE: instance,
    LOG_LEVEL: 'info',
    TOWER_API_KEY: 'sesame',
  });
  cleanUp.push(() => service.kill9());
  await service.waitReady();
  return service;
}

async function host(id: string, generation: 'A' | 'B' | 'C' = 'C'): Promise<SimHost> {
  const sim = await createSimHost({ id, generation, models: [{ id: 'm' }], metricsMaxInMemory: 20_000 });
  cleanUp.push(() => sim.close());
  return sim;
}

const put = (provider: Provider): Promise<number> => providers.put(provider.id, JSON.stringify(provider));

/** Rows at a steady pace until stopped. */
function load(sims: readonly SimHost[], everyMs = 50, count = 4): () => void {
  const timer = setInterval(() => sims.forEach((sim) => sim.makeRows({ count, source: 'load' })), everyMs);
  const stop = (): void => clearInterval(timer);
  cleanUp.push(() => Promise.resolve(stop()));
  return stop;
}

/** Who holds which host, by the leases. */
async function owners(): Promise<Map<string, string>> {
  const kv = await new Kvm(bench.nc).open(BUCKET.ingestOwners, { allow_direct: false });
  const held = new Map<string, string>();
  const keys: string[] = [];
  for await (const key of await kv.keys()) if (!key.startsWith('member.')) keys.push(key);
  for (const key of keys) {
    const entry = await kv.get(key);
    if (entry?.operation === 'PUT') held.set(key, entry.string());
  }
  return held;
}

/** What was told of the connection to a host, without what only says that it still stands. */
const stepsOf = async (id: string): Promise<string[]> => [
  ...new Set((await bench.facts(id, 'liveness')).map(({ state, since }) => `${state} ${since}`)),
];
const rowsOf = async (id: string): Promise<number> => (await bench.facts(id, 'request')).length;

it('hosts come, change and go with the registry, without a restart', async () => {
  const service = await ingest('solo');
  const sim = await host('tower');
  sim.makeRows({ count: 5 });
  await put(providerOf(sim));
  const connected = await bench.connected('tower');
  await bench.expectLedger(sim, 'tower');

  const steps = await stepsOf('tower');
  const maintenance = { since: connected.since, note: 'new fans' };
  await put(
    providerOf(sim, { label: 'Another name', tags: ['x'], maintenance, protectedModels: ['org/model'] }),
  );
  // A host that was registered after that change is connected, so the change was looked at.
  const next = await host('next');
  await put(providerOf(next));
  await bench.connected('next');
  await providers.delete('next');
  expect(await stepsOf('tower')).toEqual(steps);
  const rpc = new RpcClient(bench.nc);
  const ask = (): Promise<unknown> => rpc.ask(calls.reconnect, { providerId: 'tower' });
  expect(await ask()).toEqual({ accepted: true });
  await bench.until(
    'tower',
    'liveness',
    'connected anew',
    ({ state, since }) => state === 'connected' && since !== connected.since,
  );

  await put(providerOf(sim, { enabled: false }));
  await bench.until('tower', 'liveness', 'disabled', ({ state }) => state === 'disabled');
  await waitFor(
    () =>
      ask().then(
        () => false,
        (error: { code?: string }) => error.code === 'host_disabled',
      ),
    { what: 'a refusal to reconnect a disabled host' },
  );
  sim.makeRows({ count: 4 });
  await put(providerOf(sim, { apiKeyEnv: 'MISSING_API_KEY' }));
  const problem = await bench.until(
    'tower',
    'liveness',
    'no key',
    ({ reason }) => reason?.code === 'api_key_missing',
  );
  expect(problem.reason?.message).toContain('MISSING_API_KEY');
  await put(providerOf(sim, { apiKeyEnv: 'TOWER_API_KEY' }));
  await bench.connected('tower');
  await bench.expectLedger(sim, 'tower');

  await providers.delete('tower');
  await waitFor(async () => (await owners()).size === 0, { what: 'the lease to be given back' });
  await waitFor(
    () =>
      ask().then(
        () => false,
        (error: { code?: string }) => error.code === 'unavailable',
      ),
    {
      what: 'nobody to answer for a deleted host',
    },
  );
  expect(service.output()).not.toContain('sesame');
  expect(await service.stop()).toBe(0);
});

it('kill -9 of a process under load: another takes over, nothing lost, nothing doubled', async () => {
  const sims = [await host('alpha', 'A'), await host('beta', 'B'), await host('gamma', 'C')];
  for (const sim of sims) await put(providerOf(sim));
  const first = await ingest('first');
  await Promise.all(sims.map(({ id }) => bench.connected(id)));
  const stop = load(sims);
  await waitFor(async () => (await rowsOf('gamma')) > 100, { what: 'rows under load' });
  const second = await ingest('second');
  await waitFor(async () => new Set((await owners()).values()).size === 2, { what: 'both to hold hosts' });
  const before = await owners();
  await first.kill9();
  // The lease lives 8 s and free hosts are looked for each second.
  await waitFor(
    async () => {
      const now = await owners();
      return now.size === 3 && [...now.values()].every((holder) => holder.startsWith('second'));
    },
    { what: 'the takeover' },
  );
  expect(before.size).toBe(3);
  const counts = await Promise.all(sims.map(({ id }) => rowsOf(id)));
  await waitFor(
    async () => (await Promise.all(sims.map(({ id }) => rowsOf(id)))).every((n, i) => n > (counts[i] ?? 0)),
    {
      what: 'all hosts to be followed again',
    },
  );
  stop();
  for (const sim of sims) await bench.expectLedger(sim, sim.id);
  for (const { id } of sims)
    expect((await bench.facts(id, 'gap')).filter(({ reason }) => reason !== 'capture_lost')).toEqual([]);
  expect(await second.stop()).toBe(0);
});

it('kill -9 and restart of NATS under load: nothing lost, nothing doubled', async () => {
  const sims = [await host('alpha', 'A'), await host('gamma', 'C')];
  for (const sim of sims) await put(providerOf(sim));
  const service = await ingest('solo');
  await Promise.all(sims.map(({ id }) => bench.connected(id)));
  const stop = load(sims);
  for (let kill = 0; kill < 2; kill++) {
    const counts = await Promise.all(sims.map(({ id }) => rowsOf(id)));
    await waitFor(
      async () =>
        (await Promise.all(sims.map(({ id }) => rowsOf(id)))).every((n, i) => n > (counts[i] ?? 0) + 40),
      {
        what: 'rows under load',
      },
    );
    await bench.nats.kill9();
    await bench.nats.restart();
    await waitFor(() => Promise.all(sims.map(({ id }) => rowsOf(id))), { what: 'the bus to answer again' });
  }
  // The registry is still followed.
  const late = await host('late');
  late.makeRows({ count: 3 });
  await put(providerOf(late));
  await bench.expectLedger(late, 'late');
  stop();
  for (const sim of sims) await bench.expectLedger(sim, sim.id);
  for (const { id } of sims)
    expect((await bench.facts(id, 'gap')).filter(({ reason }) => reason !== 'capture_lost')).toEqual([]);
  expect(await service.stop()).toBe(0);
});

it('two processes share six hosts, each held by one; a third gets its part; what is stopped hands over at once', async () => {
  const sims = await Promise.all(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((id) => host(id)));
  const services = await Promise.all([ingest('one'), ingest('two')]);
  for (const sim of sims) await put(providerOf(sim));
  const parts = async (): Promise<number[]> => {
    const counts = new Map<string, number>();
    for (const holder of (await owners()).values()) counts.set(holder, (counts.get(holder) ?? 0) + 1);
    return [...counts.values()].sort((a, b) => a - b);
  };
  const shared = (expected: number[]): Promise<unknown> =>
    waitFor(async () => JSON.stringify(await parts()) === JSON.stringify(expected), {
      what: `parts ${expected.join()}`,
    });
  await shared([3, 3]);
  await Promise.all(sims.map(({ id }) => bench.connected(id)));
  const stop = load(sims, 100, 2);
  const third = await ingest('three');
  await shared([2, 2, 2]);
  expect(await services[0]?.stop()).toBe(0);
  await shared([3, 3]);
  expect(await third.stop()).toBe(0);
  await shared([6]);
  stop();
  for (const sim of sims) await bench.expectLedger(sim, sim.id);
  for (const { id } of sims)
    expect((await bench.facts(id, 'gap')).filter(({ reason }) => reason !== 'capture_lost')).toEqual([]);
});
