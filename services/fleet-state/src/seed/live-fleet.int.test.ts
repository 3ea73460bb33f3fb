import { BUCKET } from '@boocontrol/contracts';
import { baseConfig, HealthRegistry, JetStreamSetup, LiveFleet } from '@boocontrol/platform';
import { waitFor, type RunningService } from '@boocontrol/testing';
import { Kvm } from '@nats-io/kv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fleetDatabase, quiet, type FleetDatabase } from '../testing/database.js';
import { messages, modelChanged, noon, provider } from '../testing/facts.js';
import { testProjector } from '../testing/projector.js';
import { spawnFleetState, testBus, type TestBus } from '../testing/service.js';

/** A log that was wiped, and a history that knows the hosts: the built service tells it to whoever follows the fleet. */
const MODELS: Record<string, number> = {
  big: 5_000,
  ...perHost(['a', 'b', 'c', 'd', 'e', 'f'], 1_000),
  none: 0,
};
const nameOf = (n: number): string => `org/${'quantised-'.repeat(15)}${n}`;

let database: FleetDatabase;
let bus: TestBus;
let setup: JetStreamSetup;
let service: RunningService;
beforeAll(async () => {
  database = await fleetDatabase();
  const projector = testProjector(database.source);
  for (const [providerId, models] of Object.entries(MODELS)) {
    const changes = Array.from({ length: models }, (_, n) =>
      modelChanged({ providerId, model: nameOf(n), at: noon(n) }),
    );
    await projector.write(messages(changes.map((body) => ({ kind: 'model-changed', body }))));
  }
  bus = await testBus();
  setup = new JetStreamSetup(bus.nc);
  await setup.ensure();
  const registry = await new Kvm(bus.nc).open(BUCKET.providers);
  for (const id of Object.keys(MODELS)) await registry.put(id, JSON.stringify(provider({ id })));
  service = await spawnFleetState(bus.nats.url, database.url);
});
afterAll(async () => {
  await service.stop();
  await bus.close();
  await database.drop();
});

test('the live fleet has every model of every host, however many a host has', async () => {
  const identity = { service: 'test', instance: 'test', version: '0', startedAt: noon() };
  const fleet = new LiveFleet(
    bus.nc,
    quiet,
    bus.rpc,
    baseConfig.parse({ NATS_URL: bus.nats.url }),
    setup,
    new HealthRegistry(identity),
  );
  await waitFor(
    async () => (await database.rows('SELECT FROM fleet.hosts')).length === Object.keys(MODELS).length,
    {
      what: 'the hosts of the registry in the table',
    },
  );
  fleet.onApplicationBootstrap();
  try {
    await waitFor(() => fleet.state !== null && fleet.trouble === null, { what: 'the fleet' });
    const hosts = fleet.state?.hosts ?? {};
    const told = Object.entries(hosts).map(([id, { models }]) => [
      id,
      new Set(models.map((model) => model.id)).size,
    ]);
    expect(Object.fromEntries(told)).toEqual(MODELS);
    expect(hosts['big']?.models).toHaveLength(5_000);
    expect(hosts['big']?.models.find(({ id }) => id === nameOf(4_711))).toMatchObject({
      state: 'ready',
      since: noon(4_711),
    });
  } finally {
    await fleet.beforeApplicationShutdown();
  }
});

function perHost(ids: readonly string[], models: number): Record<string, number> {
  return Object.fromEntries(ids.map((id) => [id, models]));
}
