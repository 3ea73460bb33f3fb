import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { makeBucket, testConnection } from '../testing/bus.js';
import { KvLease } from './kv-lease.js';

const TTL_MS = 2_000;
const connections: NatsConnection[] = [];
const leases: KvLease[] = [];
let nats: TestNats;

beforeAll(async () => {
  nats = await testNats();
  await makeBucket(await connection(), { name: 'owners', ttlMs: TTL_MS, storage: 'memory' });
});
afterEach(async () => {
  await Promise.all(leases.splice(0).map((lease) => lease.release()));
});
afterAll(async () => {
  await Promise.all(connections.map((nc) => nc.close()));
  await nats?.stop();
});

async function connection(): Promise<NatsConnection> {
  const nc = await testConnection(nats);
  connections.push(nc);
  return nc;
}

async function lease(
  key: string,
  holder: string,
): Promise<{ lease: KvLease; nc: NatsConnection; lost: string[] }> {
  const nc = await connection();
  const lost: string[] = [];
  const made = new KvLease({
    nc,
    bucket: 'owners',
    key,
    holder,
    ttlMs: TTL_MS,
    onLost: (why) => lost.push(why),
  });
  leases.push(made);
  return { lease: made, nc, lost };
}

it('gives one of many the lease', async () => {
  const all = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => lease('one', holder)));
  const won = await Promise.all(all.map(({ lease: one }) => one.tryAcquire()));
  expect(won.filter(Boolean)).toHaveLength(1);
  expect(all.map(({ lease: one }) => one.isHeld)).toEqual(won);
});

it('is held past its ttl by renewing, and free at once when released', async () => {
  const a = await lease('renewed', 'a');
  const b = await lease('renewed', 'b');
  expect(await a.lease.tryAcquire()).toBe(true);
  const startedMs = performance.now();
  while (performance.now() - startedMs < TTL_MS * 1.5) expect(await b.lease.tryAcquire()).toBe(false);
  expect(a).toMatchObject({ lost: [], lease: { isHeld: true } });
  await a.lease.release();
  expect(await b.lease.tryAcquire()).toBe(true);
  await a.lease.release();
  expect(b.lease.isHeld).toBe(true);
});

it('goes to another when its holder dies, and the dead one knew before', async () => {
  const a = await lease('orphan', 'a');
  const b = await lease('orphan', 'b');
  expect(await a.lease.tryAcquire()).toBe(true);
  await a.nc.close();
  let heldTogether = false;
  await waitFor(
    async () => {
      const taken = await b.lease.tryAcquire();
      heldTogether ||= taken && a.lease.isHeld;
      return taken;
    },
    { what: 'the takeover', everyMs: 10 },
  );
  expect(heldTogether).toBe(false);
  expect(a.lost).toEqual(['Lease orphan could not be renewed in time']);
});

it('is lost, and said so once, when somebody else writes the key', async () => {
  const a = await lease('stolen', 'a');
  expect(await a.lease.tryAcquire()).toBe(true);
  await (await new Kvm(a.nc).open('owners')).put('stolen', 'thief');
  await waitFor(() => a.lost.length > 0, { what: 'the loss' });
  expect(a.lost).toEqual(['Lease stolen was taken by another holder']);
});

it('keeps a lease whose renewal was stored though its answer got lost', async () => {
  const a = await lease('adopted', 'a');
  expect(await a.lease.tryAcquire()).toBe(true);
  // What the lost answer leaves behind: our value under a revision that we do not know.
  const kv = await new Kvm(a.nc).open('owners');
  await kv.put('adopted', 'a');
  const before = (await kv.get('adopted'))?.revision ?? 0;
  await waitFor(async () => ((await kv.get('adopted'))?.revision ?? 0) > before, { what: 'a renewal' });
  expect(a).toMatchObject({ lost: [], lease: { isHeld: true } });
});

it('is taken again after the bus lost everything', async () => {
  const a = await lease('wiped', 'a');
  expect(await a.lease.tryAcquire()).toBe(true);
  await nats.kill9(); // The bucket is in memory.
  await waitFor(() => a.lost.length === 1, { what: 'the fence' });
  await nats.restart();
  await waitFor(
    () => makeBucket(a.nc, { name: 'owners', ttlMs: TTL_MS, storage: 'memory' }).then(() => true),
    { what: 'the bucket' },
  );
  await waitFor(() => a.lease.tryAcquire(), { what: 'the lease' });
});
