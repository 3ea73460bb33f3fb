import { HostLeases, LeaseError, type CurrentLease } from '@boocontrol/client';
import type { Lease } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { pause } from '@boocontrol/platform';
import { spawnService, waitFor, type RunningService } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench } from '../testing/bench.js';
import { leaseFacts, leasesOf, stateRequest } from '../testing/leases.js';

const HOSTS = ['a', 'b', 'c', 'd', 'e', 'f'];
const FAULTS_FOR_MS = 12_000;
let bench: Bench;
let leases: HostLeases;
const services: RunningService[] = [];
let entryId = 0;

beforeAll(async () => {
  bench = await Bench.open();
  services.push(await start(), await start());
  leases = new HostLeases(bench.nc);
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.kill9()));
  await bench?.close();
});

async function start(): Promise<RunningService> {
  return spawnService('services/actions/dist/main.js', bench.environment);
}

/** What became of a lease, as whoever had it knows. */
interface Truth {
  lease: CurrentLease;
  end: NonNullable<Lease['end']>;
  endedBy: string | null;
  foreign: number;
}

/** Until the bus answers: an answer that got lost may have done its work. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof RangeError || (error instanceof LeaseError && error.code === 'no_bucket'))
        throw error;
    }
  }
}

const pick = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)]!;

/** Holds the host again and again, each time for a moment, and ends it in one way or another. */
async function hold(providerId: string, isOver: () => boolean, truths: Truth[]): Promise<void> {
  let last: Truth | null = null;
  for (let turn = 0; !isOver(); turn++) {
    const holder = `${providerId} ${turn}`;
    const wanted = { providerId, holder, purpose: 'bench: faults', source: 'holder', takeOver: true };
    // One whose answer got lost is ended by the next, like any other: nobody knows of it.
    const got = await insist(() => leases.acquire(wanted));
    if (!got.ok) continue;
    if (last?.end === 'taken_over' && last.endedBy === null) last.endedBy = got.lease.takenOverBy;
    const truth: Truth = { lease: got.lease, end: 'taken_over', endedBy: null, foreign: 0 };
    truths.push((last = truth));
    for (let n = 0; n < 10; n++) {
      // The bucket keeps 64 changes of a host, and the services are away for seconds.
      await pause(20);
      const endedAt = instantFromMs(Date.now());
      const source = pick(['holder', 'somebody', 'else']);
      const request = { providerId, entryId: ++entryId, source, endedAt };
      await insist(() => stateRequest(bench, request));
      if (source !== 'holder') truth.foreign++;
    }
    const end = pick(['released', 'ended', 'taken_over', 'kept'] as const);
    if (end === 'kept') await insist(() => leases.heartbeat(got.lease));
    if (end === 'released') {
      await insist(() => leases.release(got.lease));
      Object.assign(truth, { end });
    }
    if (end === 'ended') {
      await insist(() => leases.end(providerId, 'carla'));
      Object.assign(truth, { endedBy: 'carla' });
    }
  }
  if (last !== null) await insist(() => leases.release(last.lease));
  if (last?.endedBy === null) last.end = 'released';
}

async function breakThings(isOver: () => boolean): Promise<void> {
  for (let turn = 0; !isOver(); turn++) {
    if (turn % 4 === 3) {
      // A process that finds no bus when it starts ends with a message; whoever started it does so again, and nobody does here.
      await Promise.all(services.map((service) => service.waitReady()));
      await bench.nats.kill9();
      await bench.nats.restart();
    } else {
      const victim = turn % 2;
      await services[victim]?.kill9();
      services[victim] = await start();
    }
    await pause(500 + 1_500 * Math.random());
  }
}

test(
  'whatever is killed, each lease begins and ends once, as it did, with every foreign request counted once',
  { timeout: 240_000 },
  async () => {
    const endMs = performance.now() + FAULTS_FOR_MS;
    const isOver = (): boolean => performance.now() > endMs;
    const truths: Truth[] = [];
    await Promise.all([...HOSTS.map((id) => hold(id, isOver, truths)), breakThings(isOver)]);
    expect(truths.length).toBeGreaterThan(HOSTS.length);
    await Promise.all(services.map((service) => service.waitReady()));

    for (const providerId of HOSTS) {
      const known = truths.filter(({ lease }) => lease.providerId === providerId);
      await waitFor(
        async () => {
          const { held, ended } = await leasesOf(bench, providerId);
          const count = ended.reduce((sum, { foreignRequests }) => sum + foreignRequests, 0);
          const sum = known.reduce((all, { foreign }) => all + foreign, 0);
          return held.length === 0 && count >= sum && (await isAllTold(providerId, ended));
        },
        { what: `the whole history of ${providerId}` },
      );
      const { ended } = await leasesOf(bench, providerId);
      const told = await leaseFacts(bench, providerId);
      for (const { lease, end, endedBy, foreign } of known) {
        const row = ended.find(({ id }) => id === lease.leaseId);
        expect(row).toMatchObject({ holder: lease.holder, end, endedBy, foreignRequests: foreign });
      }
      for (const { id, version } of ended) {
        const facts = told.filter((fact) => fact.lease.id === id);
        const versions = facts.map((fact) => fact.lease.version).sort((one, other) => one - other);
        expect(versions).toEqual(Array.from({ length: version }, (_, index) => index + 1));
        const events = facts.map(({ event }) => event).filter((event) => event !== 'foreign');
        expect(events).toHaveLength(2);
        expect(events).toContain('acquired');
      }
    }
  },
);

async function isAllTold(providerId: string, ended: readonly Lease[]): Promise<boolean> {
  const facts = await leaseFacts(bench, providerId);
  return ended.every(({ id, version }) =>
    facts.some(({ lease }) => lease.id === id && lease.version === version),
  );
}
