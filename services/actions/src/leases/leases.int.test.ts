import { HostLeases } from '@boocontrol/client';
import { BUCKET, bucketStream, calls, type HeldLeaseReply } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench, type Host, type Replica } from '../testing/bench.js';
import { leaseEvents, leaseFacts, leasesOf, shortenLeases } from '../testing/leases.js';

const TTL_MS = 2_000;
let bench: Bench;
let service: Replica;
let second: Replica;
let leases: HostLeases;

beforeAll(async () => {
  bench = await Bench.open();
  [service, second] = await Promise.all([bench.service(), bench.service()]);
  await shortenLeases(bench, TTL_MS);
  leases = new HostLeases(bench.nc, { ttlMs: TTL_MS });
});
afterAll(() => bench?.close());

const anna = { holder: 'anna', purpose: 'new driver', source: 'anna' };
const ben = { holder: 'ben', purpose: 'bench: speed', source: 'bench' };

/** What refuses it; fails when nothing does. */
async function refusal(work: Promise<unknown>): Promise<{ code: string; message: string; details: unknown }> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error) || !('code' in outcome)) throw new Error('it was not refused');
  const { code, message, details } = outcome as Error & { code: string; details?: unknown };
  return { code, message, details };
}

/** Known to both replicas. */
async function host(): Promise<Host> {
  const made = await bench.host(service);
  await bench.known(second, made.id);
  return made;
}

const acquire = (wanted: object): Promise<HeldLeaseReply> =>
  bench.rpc.ask(calls.acquireLease, wanted as never);

const proofOf = ({ leaseId, fencingToken }: HeldLeaseReply) => ({ leaseId, fencingToken });

/** Heartbeats until it is called. */
function keep(lease: HeldLeaseReply): () => void {
  const timer = setInterval(
    () => void bench.rpc.ask(calls.heartbeatLease, proofOf(lease)).catch(() => undefined),
    TTL_MS / 4,
  );
  return () => clearInterval(timer);
}

test('acquired, kept, refused to others, given back: each told once, by two replicas', async () => {
  const { id: providerId } = await host();
  const lease = await acquire({ providerId, ...ben, expectedS: 600 });
  expect(lease).toMatchObject({ providerId, heartbeatEveryMs: 10_000 });
  const stop = keep(lease);
  try {
    await leaseEvents(bench, providerId, 'acquired');
    const { held, ended } = await leasesOf(bench, providerId);
    expect(held).toMatchObject([
      { id: lease.leaseId, version: 1, holder: 'ben', end: null, foreignRequests: 0 },
    ]);
    expect(ended).toEqual([]);
    expect(await refusal(acquire({ providerId, ...anna }))).toMatchObject({
      code: 'bench_in_progress',
      message: expect.stringMatching(
        /^ben has had host-\d+ to itself since .* Ask again when they are done, or take over/,
      ),
      details: { holder: 'ben', purpose: 'bench: speed', until: held[0]?.expectedUntil },
    });
    const untilMs = performance.now() + 1.5 * TTL_MS;
    await waitFor(() => performance.now() > untilMs, { what: 'more than a ttl' });
    expect((await leasesOf(bench, providerId)).held).toHaveLength(1);
  } finally {
    stop();
  }
  const proof = proofOf(lease);
  await bench.rpc.ask(calls.heartbeatLease, proof);
  await bench.rpc.ask(calls.releaseLease, proof);
  expect(await leaseEvents(bench, providerId, 'released')).toEqual(['acquired', 'released']);
  expect((await leasesOf(bench, providerId)).ended).toMatchObject([
    { id: lease.leaseId, version: 2, end: 'released', endedBy: null },
  ]);
  expect(await refusal(bench.rpc.ask(calls.heartbeatLease, proof))).toMatchObject({ code: 'lease_lost' });
  await bench.rpc.ask(calls.releaseLease, proof);
});

test('a take-over ends it, says by whom, and its holder reads that at the next heartbeat', async () => {
  const { id: providerId } = await host();
  const first = await acquire({ providerId, ...anna });
  expect(await refusal(acquire({ providerId, ...ben }))).toMatchObject({ code: 'host_leased' });
  const next = await acquire({ providerId, ...ben, takeOver: true });
  expect(await refusal(bench.rpc.ask(calls.heartbeatLease, proofOf(first)))).toEqual({
    code: 'taken_over',
    message: 'ben has taken the host over. Stop using it.',
    details: { by: 'ben' },
  });
  const facts = await waitFor(
    async () => {
      const found = await leaseFacts(bench, providerId);
      return found.length === 3 ? found : undefined;
    },
    { what: 'three facts' },
  );
  expect(
    facts.filter(({ lease }) => lease.id === first.leaseId).map(({ event, lease }) => [event, lease.endedBy]),
  ).toEqual([
    ['acquired', null],
    ['taken_over', 'ben'],
  ]);
  await bench.rpc.ask(calls.releaseLease, proofOf(next));
});

test('ended without being taken it is free at once', async () => {
  const { id: providerId } = await host();
  const lease = await acquire({ providerId, ...anna });
  expect(await leases.end(providerId, 'carla')).toMatchObject({ leaseId: lease.leaseId });
  expect(await leaseEvents(bench, providerId, 'taken_over')).toEqual(['acquired', 'taken_over']);
  expect((await leasesOf(bench, providerId)).ended).toMatchObject([{ end: 'taken_over', endedBy: 'carla' }]);
  const next = await acquire({ providerId, ...ben });
  await bench.rpc.ask(calls.releaseLease, proofOf(next));
});

test('a holder that goes silent has its lease expire, stated once', async () => {
  const { id: providerId } = await host();
  const lease = await acquire({ providerId, ...anna });
  expect(await leaseEvents(bench, providerId, 'expired')).toEqual(['acquired', 'expired']);
  const again = await acquire({ providerId, ...ben });
  await bench.rpc.ask(calls.releaseLease, proofOf(again));
  await leaseEvents(bench, providerId, 'released');
  const of = (await leaseFacts(bench, providerId)).filter((fact) => fact.lease.id === lease.leaseId);
  expect(of.map(({ event, lease: { version } }) => [event, version])).toEqual([
    ['acquired', 1],
    ['expired', 2],
  ]);
});

test('what ended while the service was away is stated when it is back', async () => {
  const { id: providerId } = await host();
  const got = await leases.acquire({ providerId, ...anna });
  if (!got.ok) throw new Error('the host was free');
  await leaseEvents(bench, providerId, 'acquired');
  await Promise.all([service.stop(), second.stop()]);
  await waitFor(async () => (await leases.read(providerId)) === null, { what: 'expiry' });
  const late = await leases.acquire({ providerId, ...ben });
  if (!late.ok) throw new Error('the host was free');
  await leases.release(late.lease);
  [service, second] = await Promise.all([bench.service(), bench.service()]);
  await shortenLeases(bench, TTL_MS);
  const facts = await waitFor(
    async () => {
      const found = await leaseFacts(bench, providerId);
      return found.length === 4 ? found : undefined;
    },
    { what: 'what happened meanwhile' },
  );
  const endOf = (leaseId: string): unknown =>
    facts.filter(({ lease }) => lease.id === leaseId).map(({ event }) => event);
  expect(endOf(got.lease.leaseId)).toEqual(['acquired', 'expired']);
  expect(endOf(late.lease.leaseId)).toEqual(['acquired', 'released']);
});

test('a restart of the bus ends no lease that is kept, its wipe leaves none held', async () => {
  const { id: providerId } = await host();
  const lease = await acquire({ providerId, ...anna });
  const stop = keep(lease);
  try {
    await leaseEvents(bench, providerId, 'acquired');
    await bench.nats.kill9();
    await bench.nats.restart();
    const heard = await revision(providerId);
    await waitFor(async () => (await revision(providerId)) > heard, {
      what: 'a heartbeat after the restart',
    });
    expect((await leasesOf(bench, providerId)).held).toMatchObject([{ id: lease.leaseId, version: 1 }]);
    await (await jetstreamManager(bench.nc)).streams.delete(bucketStream(BUCKET.hostLeases));
    expect(await leaseEvents(bench, providerId, 'expired', 30_000)).toEqual(['acquired', 'expired']);
  } finally {
    stop();
  }
  const next = await waitFor(() => acquire({ providerId, ...ben }), { what: 'the bucket to be there again' });
  expect(Number(next.fencingToken.split('.')[0])).toBeGreaterThan(Number(lease.fencingToken.split('.')[0]));
  await bench.rpc.ask(calls.releaseLease, proofOf(next));
  await leaseEvents(bench, providerId, 'released');
  await shortenLeases(bench, TTL_MS);
});

async function revision(providerId: string): Promise<number> {
  return waitFor(
    async () => {
      const kv = await new Kvm(bench.nc).open(BUCKET.hostLeases, { allow_direct: false });
      return (await kv.get(providerId))?.revision;
    },
    { what: 'the bucket' },
  );
}

test('nobody can hold a host that is not there, switched off, in maintenance or away', async () => {
  const since = '2026-11-21T12:00:00.000000Z';
  const { id: providerId, sim } = await host();
  const baseUrl = sim.url;
  // Until both replicas know of the change, one of them may still give the lease.
  const codeOfAttempt = async (): Promise<string> => {
    try {
      await bench.rpc.ask(calls.releaseLease, proofOf(await acquire({ providerId, ...anna })));
      return 'given';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const codeIs = (code: string): Promise<unknown> =>
    waitFor(async () => (await codeOfAttempt()) === code, { what: code });
  expect(await refusal(acquire({ providerId: 'nowhere', ...anna }))).toMatchObject({
    code: 'unknown_provider',
  });
  await bench.register(providerId, { baseUrl, maintenance: { since, note: 'new fans' } });
  await codeIs('in_maintenance');
  const until = '2026-11-21T13:00:00.000000Z';
  await bench.register(providerId, { baseUrl, maintenance: { since, note: 'new fans', until } });
  await codeIs('given');
  await bench.register(providerId, { baseUrl, kind: 'openai' });
  await codeIs('not_offered');
  await bench.register(providerId, { baseUrl, enabled: false });
  await codeIs('host_disabled');
  await bench.register(providerId, { baseUrl: 'http://127.0.0.1:9' });
  await codeIs('host_offline');
  await waitFor(async () => (await leasesOf(bench, providerId)).held.length === 0, { what: 'no lease' });
});

test('a lease is ended by whoever says a name, also on a host that is away, and no other that followed it', async () => {
  const { id: providerId } = await host();
  const lease = await acquire({ providerId, ...anna });
  await bench.register(providerId, { baseUrl: 'http://127.0.0.1:9' });
  const ended = await bench.rpc.ask(calls.endLease, { leaseId: lease.leaseId, by: 'carla' });
  expect(ended).toBeNull();
  expect(await refusal(bench.rpc.ask(calls.heartbeatLease, proofOf(lease)))).toMatchObject({
    code: 'taken_over',
    details: { by: 'carla' },
  });
  const next = await leases.acquire({ providerId, ...ben, expectedUntil: null });
  await bench.rpc.ask(calls.endLease, { leaseId: lease.leaseId, by: 'carla' });
  expect(await leases.read(providerId)).toMatchObject({ holder: 'ben' });
  if (next.ok) await leases.release(next.lease);
});

test('what ended comes in pages, newest first; a foreign cursor is refused', async () => {
  const { id: providerId } = await host();
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) {
    const lease = await acquire({ providerId, ...anna });
    ids.unshift(lease.leaseId);
    await bench.rpc.ask(calls.releaseLease, proofOf(lease));
  }
  await waitFor(async () => (await leasesOf(bench, providerId)).ended.length === 5, { what: 'five leases' });
  const found: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await bench.rpc.ask(calls.leases, { providerId, limit: 2, ...(cursor ? { cursor } : {}) });
    expect(page.ended.length).toBeLessThanOrEqual(2);
    found.push(...page.ended.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(found).toEqual(ids);
  expect(await refusal(bench.rpc.ask(calls.leases, { cursor: 'abc' }))).toMatchObject({ code: 'bad_cursor' });
});
