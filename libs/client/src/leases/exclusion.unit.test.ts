import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SimulatedBus, type Fate } from '../testing/simulated-bus.js';
import { Machine, World } from '../testing/world.js';
import { acquireHostAccess, type HostAccess } from './host-access.js';
import { StoredLease } from './kv-lease.js';
import { LeaseProtocol } from './lease-protocol.js';
import type { LeaseStore } from './lease-store.js';

const TTL_MS = 30_000;
const ANSWER_WITHIN_MS = 5_000;
const FAULTS_UNTIL_MS = 240_000;

/** Somebody who wants the host again and again. */
interface Contender {
  readonly isHeld: boolean;
  tryAcquire(): Promise<boolean>;
  release(): Promise<void>;
}
type Kind = (store: LeaseStore, machine: Machine, name: string) => Contender;

const onKey: Kind = (store, { clocks }, holder) =>
  new StoredLease(store, { key: 'tower', holder, ttlMs: TTL_MS, onLost: () => undefined }, clocks);

const onHost: Kind = (store, { clocks }, holder) => {
  const leases = new LeaseProtocol(store, clocks, TTL_MS);
  let held: HostAccess | null = null;
  return {
    get isHeld() {
      return held?.isHeld === true;
    },
    async tryAcquire() {
      const access = await acquireHostAccess(leases, {
        providerId: 'tower',
        holder,
        purpose: 'test',
        source: 'test',
      });
      if (access.ok) held = access.lease;
      return access.ok;
    },
    release: () => held?.release() ?? Promise.resolve(),
  };
};

interface Fault {
  atMs: number;
  machine: number;
  kind: 'stall' | 'clock' | 'release' | 'bus';
  forMs: number;
}

const fate: fc.Arbitrary<Fate> = fc.record({
  thereMs: fc.oneof({ weight: 12, arbitrary: fc.nat(50) }, fc.nat(40_000)),
  backMs: fc.oneof({ weight: 12, arbitrary: fc.nat(50) }, fc.nat(40_000)),
  lost: fc.oneof(
    { weight: 12, arbitrary: fc.constant('nothing' as const) },
    fc.constantFrom('question' as const, 'answer' as const),
  ),
});
const fault: fc.Arbitrary<Fault> = fc.record({
  atMs: fc.nat(FAULTS_UNTIL_MS - 60_000),
  machine: fc.nat(2),
  kind: fc.constantFrom('stall', 'clock', 'release', 'bus'),
  forMs: fc.nat(60_000),
});
interface Scenario {
  fates: Fate[];
  faults: Fault[];
  /** Of the machines' wall clocks, in milliseconds. */
  offsets: number[];
}
const scenario: fc.Arbitrary<Scenario> = fc.record({
  fates: fc.array(fate, { minLength: 1, maxLength: 40 }),
  faults: fc.array(fault, { maxLength: 15 }),
  offsets: fc.array(fc.integer({ min: -3_600_000, max: 3_600_000 }), { minLength: 3, maxLength: 3 }),
});

async function run(kind: Kind, { fates, faults, offsets }: Scenario): Promise<boolean> {
  const world = new World();
  const bus = new SimulatedBus(world, TTL_MS, [...fates, { thereMs: 1, backMs: 1, lost: 'nothing' }]);
  const machines = offsets.map((offsetMs) => new Machine(world, offsetMs));
  const contenders = machines.map((machine, index) =>
    kind(bus.from(machine, ANSWER_WITHIN_MS), machine, `holder-${index}`),
  );
  let wasHeld = false;
  const check = (): void => {
    const believing = contenders.filter(({ isHeld }) => isHeld).length;
    if (believing > 1) throw new Error(`${believing} hold it at ${world.nowMs} ms`);
    wasHeld ||= believing === 1;
  };
  contenders.forEach((contender, index) => {
    const machine = machines[index]!;
    const want = async (): Promise<void> => {
      if (!contender.isHeld) await contender.tryAcquire().catch(() => false);
      machine.clocks.after(700 + index, () => void want());
    };
    void want();
  });
  for (const { atMs, machine, kind: what, forMs } of faults)
    world.at(atMs, () => {
      if (what === 'bus') bus.down(forMs);
      if (what === 'release')
        machines[machine]!.awake(() => void contenders[machine]!.release().catch(() => undefined));
      if (what === 'stall') machines[machine]!.stall(forMs);
      // A machine that sleeps while its clock is set back knows nothing of it: each has one of the two.
      if (what === 'clock' && machine === 0) machines[0]!.sleep(forMs);
      else if (what === 'clock') machines[machine]!.setWall(-60 * forMs);
    });
  for (let atMs = 0; atMs < FAULTS_UNTIL_MS; atMs += 200) world.at(atMs, () => undefined);
  await world.runUntil(FAULTS_UNTIL_MS, check);
  return wasHeld;
}

test.each([
  ['a lease on a key', onKey],
  ['a lease on a host', onHost],
])('%s: two never believe at the same instant that they hold it', { timeout: 120_000 }, async (_, kind) => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      await run(kind, given);
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['a lease on a key', onKey],
  ['a lease on a host', onHost],
])('%s: without faults somebody has it', async (_, kind) => {
  expect(
    await run(kind, { fates: [{ thereMs: 1, backMs: 1, lost: 'nothing' }], faults: [], offsets: [0, 1, 2] }),
  ).toBe(true);
});
