import { calls } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { QUICK, Stage, suiteOf, type Replica } from '../testing/stage.js';

vi.setConfig({ testTimeout: 120_000 });

let stage: Stage;
let service: Replica;
beforeAll(async () => {
  stage = await Stage.open();
  service = await stage.service();
});
afterAll(() => stage?.close());

const long = suiteOf({ outputTokens: [16, 2_000], load: { kind: 'closed', concurrency: [2] } });

test('a cancel leaves the host clean, and what was measured stands', async () => {
  const host = await stage.host(service);
  const { id } = await stage.start(host, long);
  const waiting = await stage.start(host, long);
  const ended = await stage.ask(calls.cancelBench, { id: waiting.id, source: 'anna' });
  expect(ended).toMatchObject({ state: 'cancelled', startedAt: null });
  await waitFor(async () => (await stage.detail(id)).cells[1]?.state === 'running', {
    what: 'the long cell',
  });
  await waitFor(() => host.sim.state().inflight === 2, { what: 'its requests' });
  await stage.ask(calls.cancelBench, { id, source: 'anna' });
  const { run, cells } = await stage.ended(id);
  expect(run).toMatchObject({
    state: 'cancelled',
    reason: { message: 'anna ended it before its end. What was measured until then stands.' },
    cellsDone: 1,
  });
  expect(cells.map(({ state }) => state)).toEqual(['measured']);
  expect(await stage.samples(id)).toHaveLength(10);
  await stage.isClean(host);
  expect(await stage.events(id, 'cancelled')).toEqual(['queued', 'running', 'cell', 'cancelled']);
  expect(await stage.events(waiting.id, 'cancelled')).toEqual(['queued', 'cancelled']);
  expect((await stage.refused(calls.cancelBench, { id, source: 'anna' })).code).toBe('already_ended');
  // The host is free for the next one, which is not kept waiting by those.
  const next = await stage.start(host);
  expect((await stage.ended(next.id)).run.state).toBe('succeeded');
});

test('what a run did not come to is measured later, in the same run', async () => {
  const host = await stage.host(service);
  const suite = suiteOf({ outputTokens: [16, 300], load: { kind: 'closed', concurrency: [2] } });
  const { id } = await stage.start(host, suite);
  await stage.isMeasuring(id, 1);
  const waiting = await stage.start(host, suite);
  await stage.ask(calls.cancelBench, { id: waiting.id, source: 'anna' });
  await stage.ask(calls.cancelBench, { id, source: 'anna' });
  const cut = await stage.ended(id);
  expect(cut.run).toMatchObject({ state: 'cancelled', cellsDone: 1, cellsTotal: 2 });
  const rest = { cells: 'unmeasured', source: 'test', confirm: true } as const;
  expect(await stage.ask(calls.rerunBench, { id, ...rest })).toMatchObject({ id, state: 'queued' });
  const whole = await stage.ended(id);
  expect(whole.run).toMatchObject({ state: 'succeeded', reason: null, cellsDone: 2, contaminated: 0 });
  expect(whole.cells[0]).toEqual(cut.cells[0]);
  // The cell that was cut has other texts now, so that nothing of it is in a cache.
  expect(whole.cells.map(({ attempt, state }) => [attempt, state])).toEqual([
    [1, 'measured'],
    [2, 'measured'],
  ]);
  expect((await stage.samples(id)).map(({ cell }) => cell)).toEqual([
    ...Array(10).fill(0),
    ...Array(10).fill(1),
  ]);
  // Of one that had not begun all is left.
  await stage.ask(calls.rerunBench, { id: waiting.id, ...rest });
  expect((await stage.ended(waiting.id)).run).toMatchObject({ state: 'succeeded', cellsDone: 2 });
  for (const run of [id, waiting.id])
    expect((await stage.refused(calls.rerunBench, { id: run, ...rest })).code).toBe('nothing_to_measure');
  await stage.isClean(host);
});

test('a run is removed with all that is known of it, but not before its end', async () => {
  const host = await stage.host(service);
  const { id } = await stage.start(host);
  expect((await stage.refused(calls.removeBenchRun, { id })).code).toBe('not_ended');
  await stage.ended(id);
  await stage.ask(calls.removeBenchRun, { id });
  expect((await stage.refused(calls.benchRun, { id })).code).toBe('unknown_run');
  expect((await stage.refused(calls.benchSamples, { id })).code).toBe('unknown_run');
  for (const table of ['cells', 'samples', 'sent', 'heard'])
    expect(await stage.db(service).query(`SELECT 1 FROM bench.${table} WHERE run_id = $1`, [id])).toEqual([]);
});

test('a cancel does not wait for a heartbeat: what is under way is ended at once', async () => {
  const HOUR_MS = 3_600_000;
  await service.stop();
  // Nothing but the message can tell this worker before it has measured all.
  const deaf = await stage.service({ ...QUICK, heartbeatMs: HOUR_MS, abandonedMs: 2 * HOUR_MS });
  const host = await stage.host(deaf);
  const { id } = await stage.start(host, long);
  await waitFor(async () => (await stage.detail(id)).cells[1]?.state === 'running', {
    what: 'the long cell',
  });
  await waitFor(() => host.sim.state().inflight === 2, { what: 'its requests' });
  await stage.ask(calls.cancelBench, { id, source: 'anna' });
  expect((await stage.ended(id)).run).toMatchObject({ state: 'cancelled', cellsDone: 1 });
  await stage.isClean(host);
});
