import { BUCKET, calls } from '@boocontrol/contracts';
import { waitFor, type RunningService } from '@boocontrol/testing';
import { Kvm } from '@nats-io/kv';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fleetDatabase, type FleetDatabase } from './testing/database.js';
import { noon, provider, requestFact } from './testing/facts.js';
import { spawnFleetState, testBus, type TestBus } from './testing/service.js';

let bus: TestBus;
let database: FleetDatabase;
let service: RunningService | undefined;
beforeEach(async () => {
  bus = await testBus();
  database = await fleetDatabase();
});
afterEach(async () => {
  await service?.stop();
  await database?.drop();
  await bus?.close();
});

const publish = (from: number, to: number): Promise<unknown> =>
  Promise.all(
    Array.from({ length: to - from }, (_, i) =>
      bus.publish(requestFact({ entryId: from + i, ts: noon(from + i) })),
    ),
  );
const untilThere = (table: string, count: number): Promise<boolean> =>
  waitFor(
    async () =>
      (await database.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n === count,
    { what: `${count} rows in ${table}` },
  );

test('without its schema a running service makes its tables again and has the history from the log', async () => {
  const kv = await new Kvm(bus.nc).create(BUCKET.providers);
  await kv.put('tower', JSON.stringify(provider()));
  service = await spawnFleetState(bus.nats.url, database.url);
  await publish(0, 500);
  await untilThere('fleet.requests', 500);
  await untilThere('fleet.hosts', 1);
  await database.source.query('DROP SCHEMA fleet CASCADE');
  await publish(500, 600);
  await untilThere('fleet.requests', 600);
  await untilThere('fleet.hosts', 1);
  const { rows } = await bus.rpc.ask(calls.activity, {});
  expect(rows.length).toBeGreaterThan(0);
  expect((await bus.rpc.ask(calls.gaps, {})).gaps).toEqual([]);
});
