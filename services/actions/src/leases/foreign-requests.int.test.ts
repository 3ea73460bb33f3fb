import { HostLeases, type CurrentLease } from '@boocontrol/client';
import { STREAM, type Lease } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench, type Replica } from '../testing/bench.js';
import { leaseEvents, leaseFacts, leasesOf, stateRequest } from '../testing/leases.js';
import { removeOldForeign, removeOldLeases } from './lease-lists.repository.js';

let bench: Bench;
let service: Replica;
let leases: HostLeases;
let entryId = 0;

beforeAll(async () => {
  bench = await Bench.open();
  [service] = await Promise.all([bench.service(), bench.service()]);
  leases = new HostLeases(bench.nc);
});
afterAll(() => bench?.close());

async function held(providerId: string): Promise<CurrentLease> {
  const got = await leases.acquire({ providerId, holder: 'anna', purpose: 'bench: speed', source: 'anna' });
  if (!got.ok) throw new Error('the host was free');
  return got.lease;
}

/** States so many requests of each source; they end at these moments, counted in milliseconds from a lease's beginning. */
async function state(providerId: string, from: string, sources: string[], endMs: number[]): Promise<void> {
  await Promise.all(
    sources.flatMap((source) =>
      endMs.map((ms) => {
        const endedAt = instantFromMs(instantToMs(from) + ms);
        return stateRequest(bench, { providerId, source, endedAt, entryId: ++entryId });
      }),
    ),
  );
}

async function since(providerId: string): Promise<string> {
  const lease = await waitFor(async () => (await leasesOf(bench, providerId)).held[0], { what: 'the lease' });
  return lease.since;
}

const told = (providerId: string, count: number): Promise<Lease> =>
  waitFor(
    async () => {
      const facts = await leaseFacts(bench, providerId);
      return facts.map(({ lease }) => lease).findLast(({ foreignRequests }) => foreignRequests === count);
    },
    { what: `the fact of ${count} requests` },
  );

test('counts what others had answered while it was held, of no other host and no other time', async () => {
  const lease = await held('tower');
  const from = await since('tower');
  await state('tower', from, ['anna'], [1, 2, 3]);
  await state('tower', from, ['ben', 'carla'], [1, 2, 3, 4, 5]);
  await state('tower', from, ['ben'], [-60_000, -1]);
  await state('mac', from, ['ben'], [1, 2]);
  const { version } = await told('tower', 10);
  expect(version).toBeGreaterThan(1);
  await leases.release(lease);
  await leaseEvents(bench, 'tower', 'released');
  const [ended] = (await leasesOf(bench, 'tower')).ended;
  expect(ended).toMatchObject({ id: lease.leaseId, foreignRequests: 10, end: 'released' });
  // One that ended before the lease did, and was heard of after it.
  await state('tower', from, ['ben'], [10]);
  expect(await told('tower', 11)).toMatchObject({ end: 'released', version: (ended?.version ?? 0) + 1 });
  await state('tower', ended?.endedAt ?? '', ['ben'], [1]);
  await state('tower', from, ['ben'], [11]);
  await told('tower', 12);
});

test('counts each once, however often it comes, and tells of many at most once a second', async () => {
  await held('mac');
  const from = await since('mac');
  for (let n = 1; n <= 40; n++) await state('mac', from, ['ben', 'carla', 'dora'], [n * 3, n * 3 + 1]);
  await told('mac', 240);
  const jsm = await jetstreamManager(bench.nc);
  await jsm.consumers.delete(STREAM.fleet, 'actions-foreign-requests');
  // Everything is delivered once more, and one that is new.
  await state('mac', from, ['ben'], [500]);
  await told('mac', 241);
  const foreign = (await leaseFacts(bench, 'mac')).filter(({ event }) => event === 'foreign');
  const pauses = foreign.slice(1).map(({ at }, i) => instantToMs(at) - instantToMs(foreign[i]?.at ?? at));
  expect(Math.min(1_000, ...pauses)).toBeGreaterThanOrEqual(1_000);
  expect(new Set(foreign.map(({ lease: { version } }) => version)).size).toBe(foreign.length);
});

test('what turns out to have ended after the lease counts no more', async () => {
  const lease = await held('pc');
  const from = await since('pc');
  await state('pc', from, ['ben'], [1, 2, 60_000]);
  await told('pc', 3);
  await leases.release(lease);
  await leaseEvents(bench, 'pc', 'released');
  expect((await leasesOf(bench, 'pc')).ended).toMatchObject([{ foreignRequests: 2 }]);
  await state('pc', from, ['ben'], [3, 60_001]);
  const facts = await waitFor(
    async () => {
      const found = await leaseFacts(bench, 'pc');
      return found.at(-1)?.event === 'foreign' ? found : undefined;
    },
    { what: 'the fact of the late one' },
  );
  expect(facts.at(-1)?.lease).toMatchObject({ end: 'released', foreignRequests: 3 });
});

test('what is old goes: single requests first, then the leases', async () => {
  const db = service.app.get(DataSource);
  const count = async (table: string): Promise<number> =>
    (await db.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM actions.${table}`))[0]?.n ?? 0;
  await db.query(
    `UPDATE actions.leases SET ended_at = now() - interval '10 days' WHERE provider_id = 'tower'`,
  );
  const before = await count('foreign_requests');
  expect(await removeOldForeign(db, 11)).toBe(0);
  expect(await removeOldForeign(db, 8)).toBe(12);
  expect(await count('foreign_requests')).toBe(before - 12);
  expect(await removeOldLeases(db, 11)).toBe(0);
  expect(await removeOldLeases(db, 8)).toBe(1);
  expect((await leasesOf(bench, 'tower')).ended).toEqual([]);
  const { held: stillHeld, ended } = await leasesOf(bench, 'mac');
  expect([...stillHeld, ...ended]).toHaveLength(1);
});
