import { calls, STREAM } from '@boocontrol/contracts';
import { MODEL } from '@boocontrol/stage';
import { waitFor } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { storeRun } from '../testing/runs.js';
import { Stage, suiteOf, type Replica } from '../testing/stage.js';

vi.setConfig({ testTimeout: 180_000 });

let stage: Stage;
let service: Replica;
beforeAll(async () => {
  stage = await Stage.open();
  service = await stage.service();
});
afterAll(() => stage?.close());

const long = suiteOf({ outputTokens: [300] });

test('the bus is killed while a host is measured: the run ends whole when it is back', async () => {
  const host = await stage.host(service);
  const { id } = await stage.start(host, long);
  const waiting = await stage.start(host);
  await waitFor(async () => (await stage.detail(id)).cells[0]?.state === 'running', {
    what: 'the first cell',
  });
  await stage.nats.kill9();
  await stage.nats.restart();
  for (const run of [id, waiting.id]) {
    const detail = await stage.ended(run, 90_000);
    expect(detail.run).toMatchObject({ state: 'succeeded', cellsDone: 2 });
    expect(detail.cells.map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(await stage.samples(run)).toHaveLength(15);
  }
  expect(await stage.events(id, 'succeeded')).toEqual(['queued', 'running', 'cell', 'cell', 'succeeded']);
  await stage.isClean(host);
});

test('a run whose place in the queue was lost is queued again', async () => {
  const host = await stage.host(service);
  const first = await stage.start(host, long);
  await stage.until(first.id, ['running']);
  const second = await stage.start(host);
  const jsm = await jetstreamManager(stage.nc, { checkAPI: false });
  await waitFor(async () => (await jsm.streams.info(STREAM.jobQueue)).state.messages === 2, { what: 'both' });
  await jsm.streams.purge(STREAM.jobQueue);
  for (const { id } of [first, second]) expect((await stage.ended(id)).run.state).toBe('succeeded');
});

test('a host that dies while it is measured: its errors are figures, and the run says why it stopped', async () => {
  const host = await stage.host(service);
  const { id } = await stage.start(host, {
    ...suiteOf({ outputTokens: [16, 300], load: { kind: 'closed', concurrency: [2] }, repetitions: 20 }),
    stop: { maxErrors: 3, saturation: false },
  });
  await stage.isMeasuring(id, 1);
  const next = await stage.start(host);
  await host.sim.close();
  const { run, cells } = await stage.ended(id);
  expect(run).toMatchObject({
    state: 'failed',
    reason: { code: 'too_many_errors', message: expect.stringContaining('requests failed') },
  });
  expect(cells[0]).toMatchObject({ state: 'measured', requests: { ok: 40 } });
  expect(cells[1]).toMatchObject({ state: 'partial', reason: expect.stringContaining('requests failed') });
  expect(cells[1]?.requests.errors).toBeGreaterThan(0);
  expect((await stage.ended(next.id)).run).toMatchObject({
    state: 'failed',
    reason: { code: 'host_away', message: expect.stringContaining('Nothing answers at') },
  });
  await waitFor(async () => (await stage.leases.read(host.id)) === null, { what: 'a host that nobody has' });
});

test('a host that has become slower is flagged against its last clean run; without one nothing is made up', async () => {
  const host = await stage.host(service);
  const suite = suiteOf({ load: { kind: 'closed', concurrency: [1] } });
  const first = await stage.ended((await stage.start(host, suite)).id);
  expect(first.comparison).toMatchObject({ baseline: null, chosen: false, regressed: 0 });
  expect(first.comparison.judged.length).toBeGreaterThan(0);
  for (const { verdict, ratio } of first.comparison.judged)
    expect([verdict, ratio]).toEqual(['no_baseline', null]);
  expect(first.run.regressed).toBe(0);
  // So slow that no noise of a busy machine hides it, in a figure that requests which are sent late do not spoil.
  await host.sim.faults.set({ slowTokens: { factor: 40 } });
  const { id } = await stage.start(host, suite);
  const slow = await stage.ended(id);
  expect(slow.comparison).toMatchObject({ baseline: { runId: first.run.id }, chosen: false });
  expect(slow.run.regressed, JSON.stringify(slow, null, 1)).toBeGreaterThan(0);
  const facts = await waitFor(
    async () => {
      const all = await stage.facts(id);
      return all.some(({ event }) => event === 'succeeded') ? all : undefined;
    },
    { what: 'the facts' },
  );
  const [fact] = facts.filter((one) => one.event === 'regressed');
  expect(fact?.body).toMatchObject({
    figures: expect.arrayContaining([
      expect.objectContaining({ cell: 'pp64 tg16 d0 c1', figure: 'genTps', ratio: expect.any(Number) }),
    ]),
  });
  // Held against itself nothing has changed.
  const same = await stage.detail(id, id);
  expect(same.comparison).toMatchObject({ baseline: { runId: id }, regressed: 0, chosen: false });
  expect((await stage.ask(calls.benchRuns, { providerId: host.id, limit: 1 })).nextCursor).not.toBe(null);
});

test('a baseline that somebody has set is what later runs are held against, until it is taken back', async () => {
  const host = await stage.host(service);
  const suite = suiteOf({ load: { kind: 'closed', concurrency: [1] } });
  const key = { suiteName: suite.name, providerId: host.id, model: MODEL.id };
  // So fast that however busy the machine is, what it measures is slower by far.
  const cell = { name: 'pp64 tg16 d0 c1', outputTokens: 16, figures: { genTps: 1e6 } };
  const fast = await storeRun(stage.db(service), { ...key, cells: [cell] });
  await stage.ask(calls.setBenchBaseline, { id: fast, source: 'anna' });
  const measured = async () => (await stage.ended((await stage.start(host, suite)).id)).run;
  const [first, second] = [await measured(), await measured()];
  for (const { id, regressed } of [first, second]) {
    expect(regressed).toBe(1);
    const { comparison } = await stage.detail(id);
    expect(comparison).toMatchObject({ baseline: { runId: fast }, chosen: true, regressed: 1 });
    expect(await stage.events(id, 'succeeded')).toContain('regressed');
  }
  expect((await stage.refused(calls.removeBenchRun, { id: fast })).code).toBe('is_baseline');
  await stage.ask(calls.removeBenchBaseline, key);
  const { comparison } = await stage.detail(second.id);
  expect(comparison).toMatchObject({ baseline: { runId: first.id }, chosen: false });
  expect(comparison.judged.length).toBeGreaterThan(0);
  await stage.ask(calls.removeBenchRun, { id: fast });
  expect((await stage.refused(calls.benchRun, { id: fast })).code).toBe('unknown_run');
});
