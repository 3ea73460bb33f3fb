import { STREAM, type DeadLetter, type Gap, type Generation } from '@boocontrol/contracts';
import { instantToMs, toInstant } from '@boocontrol/fleet-model';
import { createSimHost, type FaultPatch, type SimHost } from '@boocontrol/sim';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from './host/connector.js';
import { Bench, providerOf, rowKey } from './test-kit/bench.js';

let bench: Bench;
const sims: SimHost[] = [];
let count = 0;

beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(async () => {
  await bench?.close();
  await Promise.all(sims.map((sim) => sim.close()));
});

interface Followed {
  id: string;
  sim: SimHost;
  connector: Connector;
}

/** A host with some history, already followed up to its newest row. */
async function followed(generation: Generation): Promise<Followed> {
  const id = `fault-${++count}-${generation.toLowerCase()}`;
  const sim = await createSimHost({ id, generation, models: [{ id: 'm' }], performance: { everyMs: 1_000 } });
  sims.push(sim);
  sim.makeRows({ count: 20, source: 'before' });
  const connector = bench.follow(providerOf(sim));
  await bench.connected(id);
  await bench.expectLedger(sim, id);
  return { id, sim, connector };
}

function lostWith(id: string, code: string): Promise<unknown> {
  return bench.until(
    id,
    'liveness',
    `not connected: ${code}`,
    (fact) => fact.state !== 'connected' && fact.reason?.code === code,
  );
}

/** Clears the faults and asks for a connection instead of waiting for the next attempt. */
async function recover({ id, sim, connector }: Followed): Promise<void> {
  await sim.faults.clear();
  connector.reconnect();
  await bench.connected(id);
}

const gapsOf = (id: string): Promise<Gap[]> => bench.facts(id, 'gap');

/** Keys of rows made by `make`, which the host will forget. */
function made(sim: SimHost, count: number): { key: string; ts: string }[] {
  return sim.makeRows({ count }).map(({ id, timestamp }) => {
    const ts = toInstant(timestamp) ?? '';
    return { key: rowKey(id, ts), ts };
  });
}

/** Generations B and C cut times to seconds; no real host restarts and counts up to the same id within one. */
async function nextSecond(): Promise<void> {
  const began = Math.floor(Date.now() / 1000);
  await waitFor(() => Math.floor(Date.now() / 1000) > began, { what: 'the next second' });
}

describe.each(['A', 'B', 'C'] as Generation[])('generation %s', (generation) => {
  it.each([
    ['refuse', { refuse: true, dropConnections: true }, 'refused'],
    ['unauthorized', { unauthorized: true, dropConnections: true }, 'unauthorized'],
    ['serverErrors', { serverErrors: { probability: 1 }, dropConnections: true }, 'http_error'],
  ] as [string, FaultPatch, string][])(
    '%s: says why, comes back, and has lost nothing',
    async (_name, fault, code) => {
      const host = await followed(generation);
      await host.sim.faults.set(fault);
      await lostWith(host.id, code);
      host.sim.makeRows({ count: 60, source: 'meanwhile' });
      await recover(host);
      host.sim.makeRows({ count: 5 });
      await bench.expectLedger(host.sim, host.id);
      expect(await gapsOf(host.id)).toEqual([]);
    },
  );

  it.each([
    ['hang', { hang: true }],
    ['deaf', { deaf: true }],
  ] as [string, FaultPatch][])('%s: silence is probed, the host counts as lost', async (_name, fault) => {
    const host = await followed(generation);
    await host.sim.faults.set(fault);
    await lostWith(host.id, 'timeout');
    host.sim.makeRows({ count: 40 });
    await recover(host);
    await bench.expectLedger(host.sim, host.id);
    expect(await gapsOf(host.id)).toEqual([]);
  });

  it('resetMidStream: nothing lost, nothing doubled over many resets', async () => {
    const host = await followed(generation);
    await host.sim.faults.set({ resetMidStream: { afterChunks: 8, target: 'events' } });
    for (let burst = 0; burst < 3; burst++) {
      host.connector.reconnect();
      await bench.connected(host.id);
      host.sim.makeRows({ count: 15 });
      await lostWith(host.id, 'reset');
    }
    await recover(host);
    await bench.expectLedger(host.sim, host.id);
    expect(await gapsOf(host.id)).toEqual([]);
  });

  it('garbleFrame: the stream goes on, the frame is in DEAD with its reason', async () => {
    const host = await followed(generation);
    await host.sim.faults.set({ garbleFrame: { count: 3 } });
    host.sim.makeRows({ count: 10 });
    await bench.expectLedger(host.sim, host.id);
    const letters = await waitFor(
      async () => {
        const all = (await bench.all(STREAM.dead, 'boo.dead.ingest.bad_frame')) as DeadLetter[];
        const mine = all.filter(({ subject }) => subject === `${host.id}/api/events`);
        return mine.length > 0 && mine;
      },
      { what: 'a dead letter' },
    );
    expect(letters[0]).toMatchObject({ origin: 'ingest', seq: null, code: 'bad_frame', attempts: 1 });
    expect(letters[0]?.reason).not.toBe('');
  });

  it('splitFrames and slow: read all the same', async () => {
    const host = await followed(generation);
    await host.sim.faults.set({ splitFrames: true, slow: { delayMs: 100 } });
    host.connector.reconnect();
    await bench.connected(host.id);
    host.sim.makeRows({ count: 20, model: 'm' });
    await bench.expectLedger(host.sim, host.id);
    await host.sim.faults.clear();
  });

  it('silence: rows that the stream does not tell are found, and the stream is opened again', async () => {
    const host = await followed(generation);
    const before = await bench.connected(host.id);
    await host.sim.faults.set({ silence: true });
    host.sim.makeRows({ count: 10 });
    await bench.expectLedger(host.sim, host.id);
    await bench.until(
      host.id,
      'liveness',
      'opened again',
      ({ state, since }) => state === 'connected' && since !== before.since,
    );
    await host.sim.faults.clear();
    expect(await gapsOf(host.id)).toEqual([]);
  });

  it('logFlood: rows are not held up by it', async () => {
    const host = await followed(generation);
    await host.sim.faults.set({ logFlood: { linesPerS: 20_000 } });
    await waitFor(
      async () => (await bench.all(STREAM.logs, `boo.logs.${host.id}.upstream`)).length >= 2_000,
      { what: 'lines' },
    );
    host.sim.makeRows({ count: 30 });
    await bench.expectLedger(host.sim, host.id);
    await host.sim.faults.clear();
  });

  it('restart: ids start again, nothing is lost or taken for old', async () => {
    const host = await followed(generation);
    await host.sim.restart();
    await nextSecond();
    host.sim.makeRows({ count: 30 });
    await recover(host);
    await bench.expectLedger(host.sim, host.id);
    host.sim.makeRows({ count: 3 });
    await bench.expectLedger(host.sim, host.id);
  });

  it('restart while away: rows that went with the ring are covered by a gap', async () => {
    const host = await followed(generation);
    await host.sim.faults.set({ refuse: true });
    await lostWith(host.id, 'refused');
    const gone = made(host.sim, 12);
    await host.sim.restart();
    await nextSecond();
    await host.sim.faults.clear();
    host.sim.makeRows({ count: 7 });
    await recover(host);
    await bench.expectLedger(host.sim, host.id, new Set(gone.map(({ key }) => key)));
    const [gap] = await gapsOf(host.id);
    expect(gap).toMatchObject({ model: '*', state: 'gap_suspected', reason: 'host_restarted' });
    // Generations B and C cut the row's time to whole seconds.
    for (const { ts } of gone) {
      expect(instantToMs(ts)).toBeGreaterThanOrEqual(instantToMs(gap?.fromTs ?? '') - 1_000);
      expect(instantToMs(ts)).toBeLessThanOrEqual(instantToMs(gap?.toTs ?? ''));
    }
  });

  it('ringOverflow while away: a gap says how many rows are missing', async () => {
    const host = await followed(generation);
    await host.sim.faults.set({ refuse: true, ringOverflow: { rows: 25 } });
    await lostWith(host.id, 'refused');
    const all = made(host.sim, 100);
    await host.sim.faults.set({ refuse: false });
    host.connector.reconnect();
    await bench.connected(host.id);
    await bench.expectLedger(host.sim, host.id, new Set(all.slice(0, 75).map(({ key }) => key)));
    expect(await gapsOf(host.id)).toMatchObject([{ reason: 'ring_overflow', missing: 75 }]);
    await host.sim.faults.clear();
  });

  it.each([3_600_000, -3_600_000])('clockSkew of %d ms: endedAt is by our clock', async (ms) => {
    const host = await followed(generation);
    await host.sim.faults.set({ clockSkew: { ms } });
    const rows = made(host.sim, 5);
    await bench.expectLedger(host.sim, host.id);
    const keys = new Set(rows.map(({ key }) => key));
    const facts = (await bench.facts(host.id, 'request')).filter(({ entryId, ts }) =>
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

it('two processes that both believe to hold a host do not state a row twice', async () => {
  const host = await followed('C');
  bench.follow(providerOf(host.sim));
  for (let i = 0; i < 20; i++) {
    host.sim.makeRows({ count: 5 });
    await bench.expectLedger(host.sim, host.id);
  }
});

it('captures that the host forgets before they are fetched are covered by a gap', async () => {
  const id = 'forgetful';
  const sim = await createSimHost({ id, generation: 'A', models: [{ id: 'm' }], captureBufferMb: 0.002 });
  sims.push(sim);
  bench.follow(providerOf(sim));
  await bench.connected(id);
  sim.makeRows({ count: 60, source: 'boochat' });
  await bench.expectLedger(sim, id);
  const stored = await bench.captures(id);
  const rows = (await bench.facts(id, 'request')).filter(({ hasCapture }) => hasCapture);
  expect(rows.length).toBeGreaterThan(stored.length);
  await waitFor(
    async () => {
      const lost = (await gapsOf(id)).filter(({ reason }) => reason === 'capture_lost');
      return lost.reduce((sum, { missing }) => sum + (missing ?? 0), 0) === rows.length - stored.length;
    },
    { what: 'gaps for all lost captures' },
  );
});

it('samples go on after the host set its clock back', async () => {
  const host = await followed('C');
  const before = await bench.until(host.id, 'perf', 'a sample', () => true);
  await host.sim.faults.set({ clockSkew: { ms: -3_600_000 } });
  const after = await bench.until(host.id, 'perf', 'a sample by the new clock', ({ ts }) => ts < before.ts);
  await bench.until(host.id, 'perf', 'and the next', ({ ts }) => ts > after.ts && ts < before.ts);
});

it('an upgrade from A to C in place is followed without a restart of ours', async () => {
  const host = await followed('A');
  expect((await bench.connected(host.id)).generation).toBe('A');
  await host.sim.upgrade('C');
  await nextSecond();
  host.sim.makeRows({ count: 20 });
  await bench.until(
    host.id,
    'liveness',
    'generation C',
    ({ state, generation }) => state === 'connected' && generation === 'C',
  );
  host.sim.makeRows({ count: 5 });
  await bench.expectLedger(host.sim, host.id);
});

it('counts a message type that nobody knows, and goes on', async () => {
  const host = await followed('C');
  const before = await bench.connected(host.id);
  await host.sim.faults.set({ unknownMessage: { name: 'somethingNew' } });
  host.sim.makeRows({ count: 2 });
  await bench.expectLedger(host.sim, host.id);
  expect((await bench.connected(host.id)).since).toBe(before.since);
});
