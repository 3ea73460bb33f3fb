import { calls } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { QUICK, Stage, suiteOf, type Host, type Replica } from '../testing/stage.js';

let stage: Stage;
let service: Replica;
beforeAll(async () => {
  stage = await Stage.open();
  service = await stage.service();
});
afterAll(() => stage?.close());

const K = 2;
/** Long enough that something can happen meanwhile. */
const many = suiteOf(
  Array.from({ length: 12 }, (_, index) => `pass/${index}`),
  { name: 'many', samples: K },
);
const ALL = 12 * K;

const connected = async (host: Host): Promise<void> => {
  await waitFor(
    async () => {
      const { targets } = await stage.ask(calls.estimateEval, {
        suite: 'many',
        targets: [{ providerId: host.id, model: 'one' }],
      });
      return targets[0]?.objection?.code === 'host_offline' ? undefined : true;
    },
    { what: 'the host to be there again' },
  );
};

test.each([1, 3])(
  'a host that goes away and stays away ends the run, %s at a time: what was not asked is missing, not wrong',
  async (concurrency) => {
    const host = await stage.host(service);
    const { id } = await stage.one(host, { suite: many, concurrency });
    await stage.isAt(id, 3);
    await host.sim.faults.set({ refuse: true });
    const { run, items } = await stage.ended(id);
    expect(run).toMatchObject({
      state: 'interrupted',
      reason: { message: expect.stringContaining('The host did not answer') },
    });
    expect(run.done).toBeGreaterThanOrEqual(3);
    expect(run.done).toBeLessThan(ALL);
    // Only what was answered is in it, and nothing of that counts against the model. A sample that could not be asked before
    // anybody knew that the host is away is our fault, and is asked again as well.
    const { passed = 0, harness_error: ours = 0, ...others } = run.outcomes;
    expect(others).toEqual({});
    expect(passed + ours).toBe(run.done);
    expect(run.score).toMatchObject({ samples: passed, left: ours, pass1: { mean: 1 } });
    const samples = items.flatMap((item) => item.samples);
    expect(samples).toHaveLength(ALL);
    expect(samples.filter(({ outcome }) => outcome === null)).toHaveLength(ALL - run.done);
    expect(new Set(samples.map(({ state }) => state))).toEqual(new Set(['done', 'waiting']));
    await waitFor(async () => (await stage.leases.read(host.id)) === null, { what: 'a host nobody has' });
    const { rows } = await stage.ask(calls.evalLeaderboard, { suite: 'many' });
    expect(rows.filter(({ providerId }) => providerId === host.id)).toEqual([]);

    await host.sim.faults.clear();
    await connected(host);
    await stage.ask(calls.resumeEval, { id, source: 'anna', confirm: true });
    const whole = await stage.ended(id);
    expect(whole.run).toMatchObject({ state: 'succeeded', done: ALL, outcomes: { passed: ALL } });
    await stage.isClean(host);
  },
);

test('a host that comes back in time is asked on, and no sample is lost, doubled or held against the model', async () => {
  const patient = await stage.service({ ...QUICK, awayMs: 60_000, againMs: 5_000 });
  await service.stop();
  service = patient;
  const host = await stage.host(service);
  const { id } = await stage.one(host, { suite: { ...many, name: 'patient' } });
  await stage.isAt(id, 3);
  await host.sim.faults.set({ refuse: true });
  const { done } = (await stage.detail(id)).run;
  await waitFor(
    async () => {
      const asked = { suite: 'patient', targets: [{ providerId: host.id, model: 'one' }] };
      const { targets } = await stage.ask(calls.estimateEval, asked);
      return targets[0]?.objection?.code === 'host_offline' || undefined;
    },
    { what: 'the host to be missed' },
  );
  expect((await stage.detail(id)).run).toMatchObject({ state: 'running', endedAt: null });
  await host.sim.faults.clear();
  const { run, items } = await stage.ended(id);
  expect(run).toMatchObject({ state: 'succeeded', done: ALL, outcomes: { passed: ALL } });
  expect(run.done).toBeGreaterThan(done);
  expect(items.flatMap(({ samples }) => samples.map(({ outcome }) => outcome))).toEqual(
    Array.from({ length: ALL }, () => 'passed'),
  );
  await stage.isClean(host);
});
