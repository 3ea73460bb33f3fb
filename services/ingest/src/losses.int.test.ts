import type { Generation } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { describe, expect, it } from 'vitest';
import { providerOf, rowKey } from './testing/bench.js';
import { made, nextSecond, Stage } from './testing/stage.js';

const stage = new Stage();

describe.each(['A', 'B', 'C'] as Generation[])('generation %s', (generation) => {
  it('restart: ids start again, nothing is lost or taken for old', async () => {
    const host = await stage.followed(generation);
    await host.sim.restart();
    await nextSecond();
    host.sim.makeRows({ count: 30 });
    await stage.recover(host);
    await stage.bench.expectLedger(host.sim, host.id);
    host.sim.makeRows({ count: 3 });
    await stage.bench.expectLedger(host.sim, host.id);
  });

  it('restart while away: rows that went with the ring are covered by a gap', async () => {
    const host = await stage.followed(generation);
    await host.sim.faults.set({ refuse: true });
    await stage.lostWith(host.id, 'refused');
    const gone = made(host.sim, 12);
    await host.sim.restart();
    await nextSecond();
    await host.sim.faults.clear();
    host.sim.makeRows({ count: 7 });
    await stage.recover(host);
    await stage.bench.expectLedger(host.sim, host.id, new Set(gone.map(({ key }) => key)));
    const [gap] = await stage.rowGapsOf(host.id);
    expect(gap).toMatchObject({ model: '*', state: 'gap_suspected', reason: 'host_restarted' });
    for (const { ts } of gone) {
      expect(instantToMs(ts)).toBeGreaterThanOrEqual(instantToMs(gap?.fromTs ?? ''));
      expect(instantToMs(ts)).toBeLessThanOrEqual(instantToMs(gap?.toTs ?? ''));
    }
  });

  it('ringOverflow while away: a gap says how many rows are missing', async () => {
    const host = await stage.followed(generation);
    await host.sim.faults.set({ refuse: true, ringOverflow: { rows: 25 } });
    await stage.lostWith(host.id, 'refused');
    const all = made(host.sim, 100);
    await host.sim.faults.set({ refuse: false });
    host.connector.reconnect();
    await stage.bench.connected(host.id);
    await stage.bench.expectLedger(host.sim, host.id, new Set(all.slice(0, 75).map(({ key }) => key)));
    expect(await stage.rowGapsOf(host.id)).toMatchObject([{ reason: 'ring_overflow', missing: 75 }]);
    await host.sim.faults.clear();
  });

  it.each([3_600_000, -3_600_000])('clockSkew of %d ms: endedAt is by our clock', async (ms) => {
    const host = await stage.followed(generation);
    await host.sim.faults.set({ clockSkew: { ms } });
    const rows = made(host.sim, 5);
    await stage.bench.expectLedger(host.sim, host.id);
    const keys = new Set(rows.map(({ key }) => key));
    const facts = (await stage.bench.facts(host.id, 'request')).filter(({ entryId, ts }) =>
      keys.has(rowKey(entryId, ts)),
    );
    expect(facts).toHaveLength(5);
    for (const { ts, endedAt, at } of facts) {
      expect(Math.abs(instantToMs(ts) - instantToMs(at) - ms)).toBeLessThan(60_000);
      expect(instantToMs(endedAt)).toBeLessThanOrEqual(instantToMs(at));
      expect(instantToMs(at) - instantToMs(endedAt)).toBeLessThan(60_000);
    }
    await host.sim.faults.clear();
  });
});

it.each([
  ['A', 'drop'],
  ['C', 'drop'],
  ['C', 'stop'],
] as const)(
  'generation %s restarted while away, and a process that ended (%s) before it compared the rows: the gap begins before the first lost one',
  async (generation, end) => {
    const host = await stage.followed(generation);
    await host.sim.faults.set({ refuse: true });
    await stage.lostWith(host.id, 'refused');
    await nextSecond();
    const gone = made(host.sim, 12);
    await host.sim.restart();
    await nextSecond();
    host.sim.makeRows({ count: 7 });
    // Slow enough to be heard and known as connected without having told its rows.
    await host.sim.faults.set({ refuse: false, slow: { delayMs: 1_500 } });
    host.connector.reconnect();
    await stage.bench.connected(host.id);
    await host.connector[end]();
    expect(await stage.rowGapsOf(host.id)).toEqual([]);
    await host.sim.faults.clear();
    stage.bench.follow(providerOf(host.sim));
    await stage.bench.expectLedger(host.sim, host.id, new Set(gone.map(({ key }) => key)));
    const gaps = await stage.rowGapsOf(host.id);
    expect(gaps).toMatchObject([{ reason: 'host_restarted', missing: null }]);
    for (const { ts } of gone) {
      expect((gaps[0]?.fromTs ?? '') <= ts).toBe(true);
      expect(ts <= (gaps[0]?.toTs ?? '')).toBe(true);
    }
  },
);

it('two processes that both believe to hold a host do not state a row twice', async () => {
  const host = await stage.followed('C');
  stage.bench.follow(providerOf(host.sim));
  for (let i = 0; i < 20; i++) {
    host.sim.makeRows({ count: 5 });
    await stage.bench.expectLedger(host.sim, host.id);
  }
});

it('captures that the host forgets before they are fetched are covered by a gap', async () => {
  const id = 'forgetful';
  const sim = await stage.host({ id, generation: 'A', models: [{ id: 'm' }], captureBufferMb: 0.002 });
  sim.makeRows();
  stage.bench.follow(providerOf(sim));
  await stage.bench.expectLedger(sim, id);
  const told = async (): Promise<number> =>
    (await stage.bench.facts(id, 'request')).filter(({ hasCapture }) => hasCapture).length;
  const stored = async (): Promise<number> => (await stage.bench.captures(id)).length;
  // Rows that are read late are told without a capture: of those nothing is lost.
  await waitFor(
    async () => {
      sim.makeRows({ count: 60, source: 'boochat' });
      await stage.bench.expectLedger(sim, id);
      return (await told()) > (await stored());
    },
    { what: 'a capture that is forgotten' },
  );
  await waitFor(
    async () => {
      const lost = (await stage.gapsOf(id)).filter(({ reason }) => reason === 'capture_lost');
      const missing = lost.reduce((sum, gap) => sum + (gap.missing ?? 0), 0);
      return missing > 0 && missing === (await told()) - (await stored());
    },
    { what: 'gaps for all lost captures' },
  );
});

it('samples go on after the host set its clock back', async () => {
  const host = await stage.followed('C');
  const before = await stage.bench.until(host.id, 'perf', 'a sample', () => true);
  await host.sim.faults.set({ clockSkew: { ms: -3_600_000 } });
  const after = await stage.bench.until(
    host.id,
    'perf',
    'a sample by the new clock',
    ({ ts }) => ts < before.ts,
  );
  await stage.bench.until(host.id, 'perf', 'and the next', ({ ts }) => ts > after.ts && ts < before.ts);
});

it('an upgrade from A to C in place is followed without a restart of ours', async () => {
  const host = await stage.followed('A');
  expect((await stage.bench.connected(host.id)).generation).toBe('A');
  await host.sim.upgrade('C');
  await nextSecond();
  host.sim.makeRows({ count: 20 });
  await stage.bench.until(
    host.id,
    'liveness',
    'generation C',
    ({ state, generation }) => state === 'connected' && generation === 'C',
  );
  host.sim.makeRows({ count: 5 });
  await stage.bench.expectLedger(host.sim, host.id);
});

it('counts a message type that nobody knows, and goes on', async () => {
  const host = await stage.followed('C');
  const before = await stage.bench.connected(host.id);
  await host.sim.faults.set({ unknownMessage: { name: 'somethingNew' } });
  host.sim.makeRows({ count: 2 });
  await stage.bench.expectLedger(host.sim, host.id);
  expect((await stage.bench.connected(host.id)).since).toBe(before.since);
});
