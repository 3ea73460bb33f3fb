import { STREAM, type DeadLetter, type Generation, subjects } from '@boocontrol/contracts';
import type { FaultPatch } from '@boocontrol/sim';
import { waitFor } from '@boocontrol/testing';
import { describe, expect, it } from 'vitest';
import { Stage } from './testing/stage.js';

const stage = new Stage();

describe.each(['A', 'B', 'C'] as Generation[])('generation %s', (generation) => {
  it.each([
    ['refuse', { refuse: true, dropConnections: true }, 'refused'],
    ['unauthorized', { unauthorized: true, dropConnections: true }, 'unauthorized'],
    ['serverErrors', { serverErrors: { probability: 1 }, dropConnections: true }, 'http_error'],
  ] as [string, FaultPatch, string][])(
    '%s: says why, comes back, and has lost nothing',
    async (_name, fault, code) => {
      const host = await stage.followed(generation);
      await host.sim.faults.set(fault);
      await stage.lostWith(host.id, code);
      host.sim.makeRows({ count: 60, source: 'meanwhile' });
      await stage.recover(host);
      host.sim.makeRows({ count: 5 });
      await stage.bench.expectLedger(host.sim, host.id);
      expect(await stage.gapsOf(host.id)).toEqual([]);
    },
  );

  it.each([
    ['hang', { hang: true }],
    ['deaf', { deaf: true }],
  ] as [string, FaultPatch][])('%s: silence is probed, the host counts as lost', async (_name, fault) => {
    const host = await stage.followed(generation);
    await host.sim.faults.set(fault);
    await stage.lostWith(host.id, 'timeout');
    host.sim.makeRows({ count: 40 });
    await stage.recover(host);
    await stage.bench.expectLedger(host.sim, host.id);
    expect(await stage.gapsOf(host.id)).toEqual([]);
  });

  it('resetMidStream: nothing lost, nothing doubled over many resets', async () => {
    const host = await stage.followed(generation);
    await host.sim.faults.set({ resetMidStream: { afterChunks: 8, target: 'events' } });
    const resets = async (): Promise<number> =>
      (await stage.bench.facts(host.id, 'liveness')).filter(({ reason }) => reason?.code === 'reset').length;
    for (let burst = 0; burst < 3; burst++) {
      const before = await resets();
      host.connector.reconnect();
      // Rows until one of their events meets the reset: which connection that is, is not for the test to say.
      await waitFor(
        async () => {
          host.sim.makeRows({ count: 1 });
          return (await resets()) > before;
        },
        { what: `reset ${burst + 1}`, everyMs: 100 },
      );
    }
    await stage.recover(host);
    await stage.bench.expectLedger(host.sim, host.id);
    expect(await stage.gapsOf(host.id)).toEqual([]);
  });

  it('garbleFrame: the stream goes on, the frame is in DEAD with its reason', async () => {
    const host = await stage.followed(generation);
    await host.sim.faults.set({ garbleFrame: { count: 3 } });
    host.sim.makeRows({ count: 10 });
    await stage.bench.expectLedger(host.sim, host.id);
    const letters = await waitFor(
      async () => {
        const all = (await stage.bench.all(
          STREAM.dead,
          subjects.dead('ingest', 'bad_frame'),
        )) as DeadLetter[];
        const mine = all.filter(({ subject }) => subject === `${host.id}/api/events`);
        return mine.length > 0 && mine;
      },
      { what: 'a dead letter' },
    );
    expect(letters[0]).toMatchObject({ origin: 'ingest', seq: null, code: 'bad_frame', attempts: 1 });
    expect(letters[0]?.reason).not.toBe('');
  });

  it('splitFrames and slow: read all the same', async () => {
    const host = await stage.followed(generation);
    await host.sim.faults.set({ splitFrames: true, slow: { delayMs: 100 } });
    host.connector.reconnect();
    await stage.bench.connected(host.id);
    host.sim.makeRows({ count: 20, model: 'm' });
    await stage.bench.expectLedger(host.sim, host.id);
    await host.sim.faults.clear();
  });

  it('silence: rows that the stream does not tell are found, and the stream is opened again', async () => {
    const host = await stage.followed(generation);
    const before = await stage.bench.connected(host.id);
    await host.sim.faults.set({ silence: true });
    host.sim.makeRows({ count: 10 });
    await stage.bench.expectLedger(host.sim, host.id);
    await stage.bench.until(
      host.id,
      'liveness',
      'opened again',
      ({ state, since }) => state === 'connected' && since !== before.since,
    );
    await host.sim.faults.clear();
    expect(await stage.gapsOf(host.id)).toEqual([]);
  });

  it('logFlood: rows are not held up by it', async () => {
    const host = await stage.followed(generation);
    await host.sim.faults.set({ logFlood: { linesPerS: 20_000 } });
    await waitFor(
      async () => (await stage.bench.all(STREAM.logs, subjects.log(host.id, 'upstream'))).length >= 2_000,
      { what: 'lines' },
    );
    host.sim.makeRows({ count: 30 });
    await stage.bench.expectLedger(host.sim, host.id);
    await host.sim.faults.clear();
  });
});
