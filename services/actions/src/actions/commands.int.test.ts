import { calls } from '@boocontrol/contracts';
import { LiveFleet } from '@boocontrol/platform';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Bench, type Replica } from '../testing/bench.js';

vi.setConfig({ testTimeout: 60_000 });

let bench: Bench;
let service: Replica;
beforeAll(async () => {
  bench = await Bench.open();
  service = await bench.service();
});
afterAll(() => bench?.close());

test.each(['A', 'B', 'C'] as const)(
  '%s: loads, stops and stops all, each asked of the host once',
  async (generation) => {
    const { id: providerId, sim, proxy } = await bench.host(service, { generation });
    const { action, ahead, isReplay } = await bench.submit({ kind: 'warm', providerId, model: 'one' });
    expect({ ahead, isReplay }).toEqual({ ahead: 0, isReplay: false });
    const loaded = await bench.ended(service, action.id);
    expect(loaded).toMatchObject({ state: 'succeeded', reason: null, source: 'test', model: 'one' });
    expect(sim.state().models.map(({ state }) => state)).toEqual(['ready', 'stopped']);
    expect(sim.rows()).toEqual([]);

    const unload = await bench.submit({ kind: 'unload', providerId, model: 'one' });
    expect(await bench.ended(service, unload.action.id)).toMatchObject({ state: 'succeeded' });
    expect(sim.state().models.map(({ state }) => state)).toEqual(['stopped', 'stopped']);

    // A does not tell the other names of models.
    const model = generation === 'A' ? 'two' : 'zwei';
    const again = await bench.submit({ kind: 'warm', providerId, model });
    const all = await bench.submit({ kind: 'unload-all', providerId });
    expect(await bench.ended(service, again.action.id)).toMatchObject({ state: 'succeeded' });
    expect(await bench.ended(service, all.action.id)).toMatchObject({ state: 'succeeded' });
    expect(sim.state().models.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    expect(proxy.commands).toEqual([
      'GET /upstream/one/health',
      'POST /api/models/unload/one',
      `GET /upstream/${model}/health`,
      'POST /api/models/unload',
    ]);
    const events = await bench.events(providerId, action.id, 'succeeded');
    expect(events.filter((event) => event !== 'progress')).toEqual(['queued', 'started', 'succeeded']);
  },
);

test('switches profiles and cancels where the generation can, and says where it cannot', async () => {
  const late = await bench.host(service, { profileList: [{ id: 'night' }] });
  const submitted = await bench.submit({ kind: 'profile', providerId: late.id, profile: 'night' });
  expect(await bench.ended(service, submitted.action.id)).toMatchObject({ state: 'succeeded' });
  const wrong = await bench.submit({ kind: 'profile', providerId: late.id, profile: 'day' });
  expect(await bench.ended(service, wrong.action.id)).toMatchObject({
    state: 'failed',
    reason: { code: 'unknown_profile' },
  });
  const early = await bench.host(service, { generation: 'A' });
  for (const request of [
    { kind: 'profile', providerId: early.id, profile: 'night' },
    { kind: 'cancel', providerId: early.id, inflightId: '1' },
  ] as const)
    expect(await bench.rejected(request)).toMatchObject({
      code: 'not_offered',
      message: expect.stringContaining('it takes v2'),
    });
});

test('tells the profiles of a host, and says where there are none', async () => {
  const { id: providerId } = await bench.host(service, { profileList: [{ id: 'night' }] });
  const profiles = (id: string) => bench.rpc.ask(calls.hostProfiles, { providerId: id });
  expect(await profiles(providerId)).toEqual({
    active: null,
    profiles: [{ id: 'night', description: expect.any(String) }],
  });
  const early = await bench.host(service, { generation: 'B' });
  await expect(profiles(early.id)).rejects.toMatchObject({ code: 'not_offered' });
  await expect(profiles('nowhere')).rejects.toMatchObject({ code: 'unknown_provider' });
});

test.each(['B', 'C'] as const)('%s: a cancel has ended when it is answered', async (generation) => {
  const models = [{ id: 'one', loadMs: 0, genTps: 1 }];
  const { id: providerId, sim } = await bench.host(service, { generation, models });
  const answer = fetch(`${sim.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'one', stream: true, messages: [{ role: 'user', content: 'count' }] }),
  }).then((response) => response.text());
  const live = service.app.get(LiveFleet);
  const inflightId = await waitFor(
    () => live.state?.hosts[providerId]?.inflight?.requests.find(({ method }) => method === 'POST')?.id,
    {
      what: 'the request to be under way',
    },
  );
  const { action, ahead } = await bench.submit({ kind: 'cancel', providerId, inflightId });
  expect({ ahead, turn: action.turn, state: action.state }).toEqual({
    ahead: null,
    turn: null,
    state: 'succeeded',
  });
  await answer;
  expect(sim.state().inflight).toBe(0);
  expect(await bench.events(providerId, action.id, 'succeeded')).toEqual(['started', 'succeeded']);
});

test('a load that fails, or that somebody ends, has failed, and says why', async () => {
  const { id: providerId, sim } = await bench.host(service, { models: [{ id: 'one', loadMs: 5_000 }] });
  await sim.faults.set({ loadFailure: {} });
  const failing = await bench.submit({ kind: 'warm', providerId, model: 'one' });
  expect(await bench.ended(service, failing.action.id)).toMatchObject({
    state: 'failed',
    reason: { code: 'failed_to_start', message: expect.stringContaining('could not load one') },
  });
  await sim.faults.clear();
  const ended = await bench.submit({ kind: 'warm', providerId, model: 'one' });
  await waitFor(() => sim.state().models[0]?.state === 'starting', { what: 'the load to begin' });
  await fetch(`${sim.url}/api/models/unload/one`, { method: 'POST' });
  expect(await bench.ended(service, ended.action.id)).toMatchObject({
    state: 'failed',
    reason: { code: 'unloaded' },
  });
});

test('a long load tells how far it is', async () => {
  const { id: providerId, sim } = await bench.host(service, { models: [{ id: 'one', loadMs: 2_500 }] });
  await sim.faults.set({ logFlood: { linesPerS: 20 } });
  const { action } = await bench.submit({ kind: 'warm', providerId, model: 'one' });
  await bench.ended(service, action.id);
  await bench.events(providerId, action.id, 'succeeded');
  const told = (await bench.facts(providerId, action.id)).flatMap(({ event, action: { progress } }) =>
    event === 'progress' && progress !== null ? [progress] : [],
  );
  expect(told.map(({ modelState }) => modelState)).toContain('starting');
  expect(told.some(({ note }) => note !== null)).toBe(true);
});
