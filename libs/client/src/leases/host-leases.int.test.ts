import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeBucket, testConnection } from '../testing/bus.js';
import { compareFencingTokens } from './fencing-token.js';
import { acquireHostAccess, type HostAccess } from './host-access.js';
import { HostLeases } from './host-leases.js';
import { LeaseLostError } from './lease-error.js';

const TTL_MS = 2_000;
const BUCKET = 'short_leases';
let nats: TestNats;
let nc: NatsConnection;
let leases: HostLeases;

beforeAll(async () => {
  nats = await testNats();
  nc = await testConnection(nats);
  await makeBucket(nc, { name: BUCKET, ttlMs: TTL_MS, storage: 'file' });
});
beforeEach(async () => {
  leases = new HostLeases(nc, { bucket: BUCKET, ttlMs: TTL_MS });
  await leases.end('tower', 'the next test');
});
afterAll(async () => {
  await nc?.close();
  await nats?.stop();
});

const anna = { providerId: 'tower', holder: 'anna', purpose: 'new driver', source: 'anna' };
const ben = { ...anna, holder: 'ben', source: 'ben' };

async function access(request = anna): Promise<HostAccess> {
  const got = await acquireHostAccess(leases, request);
  if (!got.ok) throw new Error(got.reason);
  return got.lease;
}

test('a lease is held past its ttl by its heartbeats, refused to others in words, and free when it is given back', async () => {
  const lease = await access({ ...anna, ...{ expectedS: 600 } });
  const startedMs = performance.now();
  while (performance.now() - startedMs < TTL_MS * 1.5) {
    const refused = await acquireHostAccess(leases, ben);
    expect(refused).toMatchObject({ ok: false, current: { holder: 'anna', leaseId: lease.leaseId } });
    expect(refused.ok ? '' : refused.reason).toMatch(
      /^anna has had tower to itself since .* UTC for “new driver”, and expects to need it until .* UTC\.$/,
    );
    expect(lease.isHeld).toBe(true);
  }
  expect(await leases.list()).toMatchObject([{ providerId: 'tower', fencingToken: lease.fencingToken }]);
  await lease.release();
  expect(lease).toMatchObject({ isHeld: false, lost: { aborted: false } });
  expect(await leases.read('tower')).toBe(null);
  expect(await leases.list()).toEqual([]);
});

test('what is not renewed expires, and a late heartbeat does not bring it back', async () => {
  const got = await leases.acquire(anna);
  if (!got.ok) throw new Error('the host was free');
  await waitFor(async () => (await leases.read('tower')) === null, { what: 'expiry' });
  expect(await leases.heartbeat(got.lease)).toEqual({ ok: false, reason: 'lost' });
  const next = await access(ben);
  expect(compareFencingTokens(next.fencingToken, got.lease.fencingToken)).toBeGreaterThan(0);
  await leases.release(got.lease);
  expect((await leases.read('tower'))?.leaseId).toBe(next.leaseId);
  await next.release();
});

test('a take-over is told to the holder by its signal', async () => {
  const first = await access();
  const second = await access({ ...ben, ...{ takeOver: true } });
  await waitFor(() => first.lost.aborted, { what: 'the loss' });
  expect(first.lost.reason).toBeInstanceOf(LeaseLostError);
  expect(first.lost.reason).toMatchObject({
    code: 'taken_over',
    by: 'ben',
    message: 'The lease on tower was taken over by ben',
  });
  expect([first.isHeld, second.isHeld]).toEqual([false, true]);
  await second.release();
});

test('of many at once one gets it', async () => {
  const all = await Promise.all(
    Array.from({ length: 8 }, (_, index) => leases.acquire({ ...anna, holder: `anna ${index}` })),
  );
  const won = all.filter(({ ok }) => ok);
  expect(won).toHaveLength(1);
});

test('a lease outlives a kill of the bus; with a bus that stays away its holder stops believing in time', async () => {
  const lease = await access();
  await nats.kill9();
  await nats.restart();
  const back = await waitFor(async () => (await leases.read('tower')) ?? false, { what: 'the bus' });
  expect(back).toMatchObject({ leaseId: lease.leaseId });
  const before = await revision();
  await waitFor(async () => (await revision()) > before, { what: 'a heartbeat after the restart' });
  expect(lease).toMatchObject({ isHeld: true, lost: { aborted: false } });
  await nats.kill9();
  await waitFor(() => lease.lost.aborted, { what: 'the end of belief' });
  expect(lease.lost.reason).toMatchObject({
    code: 'lost',
    message: 'The lease on tower could not be renewed in time',
  });
  await nats.restart();
  await waitFor(async () => (await leases.acquire(ben)).ok, { what: 'the host to be free' });
});

async function revision(): Promise<number> {
  const kv = await new Kvm(nc).open(BUCKET, { allow_direct: false });
  return (await kv.get('tower'))?.revision ?? 0;
}

interface Said {
  atMs: number;
  isHeld?: boolean;
  lost?: string;
}

function holderProcess(): { child: ChildProcess; said: Said[] } {
  const { servers, user, pass } = nats.connection;
  const script = fileURLToPath(new URL('../testing/holder.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, servers, user, pass, BUCKET, String(TTL_MS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: Said[] = [];
  createInterface(child.stdout).on('line', (line) => said.push(JSON.parse(line) as Said));
  return { child, said };
}

test('a process that was stopped for longer than the ttl never believes again', async () => {
  const { child, said } = holderProcess();
  try {
    await waitFor(() => said.some(({ isHeld }) => isHeld === true), {
      what: 'the holder',
    });
    child.kill('SIGSTOP');
    const next = await waitFor(
      async () => {
        const got = await leases.acquire(ben);
        return got.ok && got.lease;
      },
      { what: 'the host to be free' },
    );
    const takenAtMs = Date.now();
    const heardBefore = said.length;
    child.kill('SIGCONT');
    await waitFor(() => said.slice(heardBefore).some(({ lost }) => lost !== undefined), { what: 'the loss' });
    await waitFor(() => said.at(-1)?.isHeld === false, { what: 'what it says then' });
    expect(said.filter(({ atMs, isHeld }) => isHeld === true && atMs >= takenAtMs)).toEqual([]);
    expect((await leases.read('tower'))?.leaseId).toBe(next.leaseId);
  } finally {
    child.kill('SIGKILL');
  }
});

test('without BooControl on the bus it says so', async () => {
  await expect(new HostLeases(nc, { bucket: 'nowhere' }).acquire(anna)).rejects.toMatchObject({
    code: 'no_bucket',
    message: 'This bus has no bucket nowhere: BooControl makes it when it starts',
  });
});
