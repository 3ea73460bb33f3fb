import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SimulatedBus } from '../testing/simulated-bus.js';
import { Machine, World } from '../testing/world.js';
import { compareFencingTokens } from './fencing-token.js';
import { LeaseProtocol, type CurrentLease, type LeaseProof } from './lease-protocol.js';

const TTL_MS = 30_000;

type Step =
  | { do: 'acquire' | 'takeOver' | 'end' | 'wipe' }
  | { do: 'wait'; ms: number }
  | { do: 'heartbeat' | 'release' | 'forge'; of: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('acquire' as const, 'takeOver' as const) }),
  fc.record({ do: fc.constantFrom('end' as const, 'wipe' as const) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(40_000) }),
  fc.record({
    do: fc.constantFrom('heartbeat' as const, 'release' as const, 'forge' as const),
    of: fc.nat(9),
  }),
);

function setting(): { world: World; bus: SimulatedBus; leases: LeaseProtocol } {
  const world = new World();
  const machine = new Machine(world, 0);
  const bus = new SimulatedBus(world, TTL_MS);
  return { world, bus, leases: new LeaseProtocol(bus.from(machine, 5_000), machine.clocks, TTL_MS) };
}

/** Lets the simulated bus answer. */
async function settle<T>(world: World, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  done.catch(() => undefined);
  while (!isDone) await world.runUntil(world.nowMs, () => undefined);
  return done;
}

const ask = (takeOver: boolean) => ({
  providerId: 'tower',
  holder: takeOver ? 'ben' : 'anna',
  purpose: 'test',
  source: 'test',
  takeOver,
});

test('each holding has a later token than all before it, and a proof that is over changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { world, bus, leases } = setting();
      const all: CurrentLease[] = [];
      for (const one of steps) {
        const before = await settle(world, leases.read('tower'));
        if (one.do === 'wait') await world.runUntil(world.nowMs + one.ms, () => undefined);
        if (one.do === 'wipe') bus.wipe();
        if (one.do === 'end') {
          const ended = await settle(world, leases.end('tower', 'carla'));
          expect(ended?.leaseId).toBe(before?.leaseId);
          expect(await settle(world, leases.read('tower'))).toBe(null);
        }
        if (one.do === 'acquire' || one.do === 'takeOver') {
          const got = await settle(world, leases.acquire(ask(one.do === 'takeOver')));
          expect(got.ok).toBe(before === null || one.do === 'takeOver');
          if (!got.ok) continue;
          const last = all.at(-1);
          if (last !== undefined)
            expect(compareFencingTokens(got.lease.fencingToken, last.fencingToken)).toBeGreaterThan(0);
          all.push(got.lease);
        }
        const shown = 'of' in one ? all.at(-1 - (one.of % Math.max(1, all.length))) : undefined;
        if (shown === undefined || !('of' in one)) continue;
        const isOver = shown.leaseId !== before?.leaseId || one.do === 'forge';
        const stood = bus.dump;
        const proof: LeaseProof = {
          leaseId: shown.leaseId,
          fencingToken: one.do === 'forge' ? '1.1' : shown.fencingToken,
        };
        if (one.do === 'release') await settle(world, leases.release(proof));
        else expect((await settle(world, leases.heartbeat(proof))).ok).toBe(!isOver);
        if (isOver) expect(bus.dump).toBe(stood);
        else expect(bus.dump).not.toBe(stood);
      }
    }),
    { numRuns: 300 },
  );
});

test('who was taken over is told by whom, also when a third one has the host by then', async () => {
  const { world, leases } = setting();
  const first = await settle(world, leases.acquire(ask(false)));
  if (!first.ok) throw new Error('the host was free');
  await settle(world, leases.end('tower', 'carla'));
  expect(await settle(world, leases.heartbeat(first.lease))).toEqual({
    ok: false,
    reason: 'taken_over',
    by: 'carla',
  });
  const third = await settle(world, leases.acquire(ask(false)));
  expect(third.ok).toBe(true);
  expect(await settle(world, leases.heartbeat(first.lease))).toEqual({
    ok: false,
    reason: 'taken_over',
    by: 'carla',
  });
  const refused = await settle(world, leases.acquire(ask(false)));
  expect(refused).toMatchObject({ ok: false, current: { holder: 'anna', fencingToken: expect.any(String) } });
});

test('a request that is none is refused before anything is written', async () => {
  const { world, bus, leases } = setting();
  const stood = bus.dump;
  for (const wrong of [
    { holder: '' },
    { purpose: 'a\nb' },
    { source: 'Not A Source' },
    { providerId: 'A b' },
  ])
    await expect(settle(world, leases.acquire({ ...ask(false), ...wrong }))).rejects.toThrow(RangeError);
  expect(bus.dump).toBe(stood);
});
