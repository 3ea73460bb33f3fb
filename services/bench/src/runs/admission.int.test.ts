import { calls } from '@boocontrol/contracts';
import type { z } from 'zod';
import { LiveFleet } from '@boocontrol/platform';
import { chat, MODEL } from '@boocontrol/stage';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Stage, suiteOf, type Replica } from '../testing/stage.js';

vi.setConfig({ testTimeout: 120_000 });

let stage: Stage;
let service: Replica;
beforeAll(async () => {
  stage = await Stage.open();
  service = await stage.service();
});
afterAll(() => stage?.close());

const start = calls.startBench;
const suite = suiteOf({ load: { kind: 'closed', concurrency: [1] } });
const target = (providerId: string, model = MODEL.id) => ({ providerId, model });

test('what is not there, or is not to be used, is refused', async () => {
  const host = await stage.host(service);
  const ask = { suite, source: 'test' };
  const refusals: [z.input<typeof start.request>, string][] = [
    [{ ...ask, targets: [target('nowhere')] }, 'unknown_provider'],
    [{ ...ask, targets: [target(host.id, 'another')] }, 'unknown_model'],
    [{ ...ask, suite: 'never-stored' }, 'unknown_suite'],
    [ask, 'nothing_to_measure'],
    [{ ...ask, suite: { ...suite, targets: [{ provider: 'no-such-*', model: '*' }] } }, 'nothing_to_measure'],
  ];
  for (const [body, code] of refusals) expect((await stage.refused(start, body)).code).toBe(code);
  const all = await stage.refused(start, {
    ...ask,
    targets: [target(host.id), target(host.id, 'another'), target('nowhere')],
  });
  expect(all).toMatchObject({ code: 'unknown_model', details: { targets: [{}, {}] } });
  // All or nothing: the one that could have been measured is not.
  expect((await stage.ask(calls.benchRuns, { providerId: host.id })).open).toEqual([]);
  const unknown = '00000000-0000-4000-8000-000000000000';
  expect((await stage.refused(calls.benchRun, { id: unknown })).code).toBe('unknown_run');
  expect((await stage.refused(calls.cancelBench, { id: unknown, source: 'test' })).code).toBe('unknown_run');
});

test('what the patterns of a suite stand for is measured', async () => {
  const host = await stage.host(service);
  const named = { ...suite, targets: [{ provider: host.id, model: 'o*' }] };
  const { runs } = await stage.ask(start, { suite: named, source: 'test' });
  expect(runs).toMatchObject([{ providerId: host.id, model: MODEL.id }]);
  expect((await stage.ended(runs[0]?.id ?? '')).run.state).toBe('succeeded');
});

test('a host that somebody uses, or used a moment ago, is measured when that is confirmed', async () => {
  const host = await stage.host(service);
  const body = { suite, targets: [target(host.id)], source: 'test' };
  const asking = chat(host, { source: 'arena', tokens: 1_000 });
  const now = await waitFor(() => stage.refused(start, body).catch(() => undefined), { what: 'a refusal' });
  expect(now.toJSON()).toMatchObject({ code: 'host_busy', requiresConfirmation: true });
  expect(now.message).toContain('arena is using one');
  await asking;
  await waitFor(async () => /arena used one \d+ s ago/.test((await stage.refused(start, body)).message), {
    what: 'what arena did to be recent',
  });
  const { runs } = await stage.ask(start, { ...body, confirm: true });
  const { run } = await stage.ended(runs[0]?.id ?? '');
  expect(run).toMatchObject({ state: 'succeeded', contaminated: 0 });
});

test('what the ingest asks a model is no reason against it, and marks nothing', async () => {
  const host = await stage.host(service);
  await host.sim.faults.set({ freeze: true });
  const asked = fetch(`${host.sim.url}/upstream/${MODEL.id}/props`, {
    headers: { 'user-agent': 'boocontrol-ingest' },
  });
  const isSeen = (): boolean =>
    service.app
      .get(LiveFleet)
      .state?.hosts[host.id]?.inflight?.requests.some(({ source }) => source === 'boocontrol-ingest') ??
    false;
  await waitFor(isSeen, { what: 'the question to be under way' });
  const { id } = await stage.start(host, suite);
  await host.sim.faults.clear();
  await (await asked).text();
  expect((await stage.ended(id)).run).toMatchObject({ state: 'succeeded', contaminated: 0 });
});

test('a run of ours is no reason against the next one', async () => {
  const host = await stage.host(service, { generation: 'B', captureBufferMb: 0 });
  const first = await stage.start(host);
  await stage.until(first.id, ['running', 'succeeded']);
  const second = await stage.start(host);
  await stage.ended(first.id);
  const third = await stage.start(host);
  for (const { id } of [second, third])
    expect((await stage.ended(id)).run).toMatchObject({ state: 'succeeded', contaminated: 0 });
});

test('a lease of somebody else is told of, and taken over when that is confirmed', async () => {
  const host = await stage.host(service);
  const lease = { providerId: host.id, holder: 'anna', purpose: 'new driver', source: 'anna' };
  await stage.leases.acquire(lease);
  const body = { suite, targets: [target(host.id)], source: 'test' };
  expect(await stage.refused(start, body)).toMatchObject({
    code: 'host_leased',
    message: expect.stringContaining('anna has had'),
  });
  const { runs } = await stage.ask(start, { ...body, confirm: true });
  expect((await stage.ended(runs[0]?.id ?? '')).run.state).toBe('succeeded');
  await stage.isClean(host);
  await stage.leases.acquire({ ...lease, purpose: 'bench: by hand' });
  expect((await stage.refused(start, body)).code).toBe('bench_in_progress');
});

test('a lease that somebody has when the turn comes ends an unconfirmed run', async () => {
  const host = await stage.host(service);
  const long = suiteOf({ outputTokens: [400], load: { kind: 'closed', concurrency: [1] } });
  const first = await stage.start(host, long);
  await stage.until(first.id, ['running']);
  const second = await stage.start(host, suite);
  const lease = { providerId: host.id, holder: 'anna', purpose: 'new driver', source: 'anna' };
  await waitFor(async () => (await stage.leases.read(host.id)) !== null, { what: 'the lease of the run' });
  const taken = await stage.leases.acquire({ ...lease, takeOver: true });
  expect(taken.ok).toBe(true);
  const keeping = setInterval(() => {
    if (taken.ok) void stage.leases.heartbeat(taken.lease).catch(() => undefined);
  }, 1_000);
  try {
    expect((await stage.ended(first.id)).run).toMatchObject({
      state: 'interrupted',
      reason: { code: 'taken_over', message: expect.stringContaining('anna took the host over') },
    });
    expect((await stage.ended(second.id)).run).toMatchObject({
      state: 'failed',
      startedAt: expect.any(String),
      reason: { code: 'host_leased', message: expect.stringContaining('anna has had') },
    });
  } finally {
    clearInterval(keeping);
  }
  await waitFor(() => host.sim.state().inflight === 0, { what: 'nothing under way' });
  expect(await stage.leases.read(host.id)).toMatchObject({ holder: 'anna' });
});
