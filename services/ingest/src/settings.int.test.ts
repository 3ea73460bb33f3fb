import type { SimHost, SimHostInput } from '@boocontrol/sim';
import { waitFor } from '@boocontrol/testing';
import { expect, it } from 'vitest';
import { providerOf } from './testing/bench.js';
import { Stage } from './testing/stage.js';

const stage = new Stage();
const host = (input: SimHostInput): Promise<SimHost> =>
  stage.host({ timeScale: 10, performance: { everyMs: 5_000 }, ...input });

it('monitoring that is off or absent is said and asked for again', async () => {
  const off = await host({ id: 'mon-off', models: [{ id: 'm' }], performance: { enabled: false } });
  const absent = await host({ id: 'mon-absent', models: [{ id: 'm' }], performance: { exists: false } });
  stage.bench.follow(providerOf(off));
  stage.bench.follow(providerOf(absent));
  await stage.bench.until('mon-off', 'liveness', 'off', ({ monitoring }) => monitoring === 'off');
  await stage.bench.until('mon-absent', 'liveness', 'absent', ({ monitoring }) => monitoring === 'absent');
});

it('a host with keys: the key from the environment, or a reason that names the variable', async () => {
  const sim = await host({ id: 'keyed', models: [{ id: 'm' }], apiKeys: ['sesame'] });
  const provider = providerOf(sim, { apiKeyEnv: 'KEYED_API_KEY' });
  stage.bench.follow(provider, { KEYED_API_KEY: 'sesame' });
  await stage.bench.connected('keyed');
  sim.makeRows({ count: 3 });
  await stage.bench.expectLedger(sim, 'keyed');

  stage.bench.follow({ ...provider, id: 'keyless' }, {});
  const without = await stage.bench.until('keyless', 'liveness', 'no key', ({ reason }) => reason !== null);
  expect(without.reason).toMatchObject({ code: 'api_key_missing' });
  expect(without.reason?.message).toContain('KEYED_API_KEY');

  stage.bench.follow({ ...provider, id: 'wrong-key' }, { KEYED_API_KEY: 'open' });
  const wrong = await stage.bench.until('wrong-key', 'liveness', 'refused', ({ reason }) => reason !== null);
  expect(wrong.reason).toMatchObject({ code: 'unauthorized' });
  expect(JSON.stringify(wrong)).not.toContain('"open"');
});

it('captures that are not answered do not hold up the rows; they come later', async () => {
  // Generation A sends its rows on the stream, so that nothing but captures has to be asked for.
  const sim = await host({ id: 'stuck', generation: 'A', models: [{ id: 'm' }] });
  sim.makeRows();
  stage.bench.follow(providerOf(sim));
  await stage.bench.expectLedger(sim, 'stuck');
  await sim.faults.set({ hang: true });
  sim.makeRows({ count: 8, source: 'boochat' });
  await stage.bench.expectLedger(sim, 'stuck');
  await sim.faults.clear();
  const captures = await waitFor(
    async () => {
      const all = await stage.bench.captures('stuck');
      return all.length === 9 && all;
    },
    { what: 'nine captures' },
  );
  expect(new Set(captures.map(({ entryId }) => entryId)).size).toBe(9);
});

it('a disabled host is said to be so and left alone', async () => {
  const sim = await host({ id: 'resting', models: [{ id: 'm' }] });
  const connector = stage.bench.follow(providerOf(sim, { enabled: false }));
  await stage.bench.until('resting', 'liveness', 'disabled', ({ state }) => state === 'disabled');
  expect(connector.reconnect()).toBe(false);
});

it('a connector that is let go says that nobody follows the host', async () => {
  const sim = await host({ id: 'left', models: [{ id: 'm' }] });
  const connector = stage.bench.follow(providerOf(sim));
  await stage.bench.connected('left');
  await connector.stop();
  expect(await stage.bench.newest('left', 'liveness')).toMatchObject({
    state: 'reconnecting',
    reason: { code: 'not_followed' },
  });
});
