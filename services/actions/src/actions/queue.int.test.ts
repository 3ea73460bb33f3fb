import { calls, STREAM } from '@boocontrol/contracts';
import { JetStreamSetup } from '@boocontrol/platform';
import { waitFor } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Bench, type Replica } from '../testing/bench.js';

vi.setConfig({ testTimeout: 60_000 });

const NOBODY = '7d0f5f0e-6d5c-4c39-8d5b-0d8c4f0f3a11';

let bench: Bench;
let service: Replica;
let other: Replica;
beforeAll(async () => {
  bench = await Bench.open();
  service = await bench.service();
  other = await bench.service();
});
afterAll(() => bench?.close());

/** A host with one action at work and three waiting. */
async function busyHost() {
  const host = await bench.host(service);
  await bench.known(other, host.id);
  host.proxy.fate = 'hold';
  const ids: string[] = [];
  for (const model of ['one', 'two', 'one', 'two'])
    ids.push((await bench.submit({ kind: 'warm', providerId: host.id, model })).action.id);
  await bench.until(service, ids[0] ?? '', 'started');
  return { ...host, ids };
}

const letGo = (host: { proxy: { fate: string; release: () => void } }): void => {
  host.proxy.fate = 'pass';
  host.proxy.release();
};

test('first come, first served, over two replicas, and never more than four', async () => {
  const host = await busyHost();
  const { id: providerId, ids, proxy } = host;
  expect(await bench.rejected({ kind: 'unload-all', providerId })).toMatchObject({
    code: 'queue_full',
    details: { open: ids.map((id) => expect.objectContaining({ id })) },
  });
  const { open } = await bench.rpc.ask(calls.actions, { providerId });
  expect(open.map(({ id }) => id)).toEqual(ids);
  expect(open.map(({ state }) => state)).toEqual(['started', 'queued', 'queued', 'queued']);
  expect(proxy.commands).toEqual(['GET /upstream/one/health']);
  letGo(host);
  const actions = await Promise.all(ids.map((id) => bench.ended(service, id)));
  expect(actions.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
  const times = actions.flatMap(({ startedAt, endedAt }) => [startedAt ?? '', endedAt ?? '']);
  expect(times).toEqual(times.toSorted((a, b) => a.localeCompare(b)));
  expect(proxy.commands).toEqual(
    ['one', 'two', 'one', 'two'].map((model) => `GET /upstream/${model}/health`),
  );
  const turns = actions.map(({ turn }) => turn ?? 0);
  expect(turns).toEqual([...turns].sort((a, b) => a - b));
  await waitFor(async () => (await bench.queued()) === 0, { what: 'an empty queue' });
});

test('what is taken back frees its place at once; what has begun stays', async () => {
  const host = await busyHost();
  const { id: providerId, ids } = host;
  const [first = '', second = '', third = '', last = ''] = ids;
  const back = await bench.rpc.ask(calls.takeBackAction, { id: third });
  expect(back).toMatchObject({ id: third, state: 'cancelled', startedAt: null });
  const { ahead, action } = await bench.submit({ kind: 'unload', providerId, model: 'one' });
  expect(ahead).toBe(3);
  const code = async (id: string): Promise<unknown> =>
    bench.rpc.ask(calls.takeBackAction, { id }).catch((error: { code?: unknown }) => error.code);
  expect(await code(first)).toBe('already_started');
  expect(await code(third)).toBe('already_ended');
  expect(await code(NOBODY)).toBe('not_found');
  letGo(host);
  for (const id of [first, second, last, action.id])
    expect((await bench.ended(service, id)).state).toMatch(/succeeded|skipped/);
  // The last one wants what the second has loaded: asked or skipped, by whether the fact of it was there.
  expect([...new Set(host.proxy.commands)]).toEqual(['GET /upstream/one/health', 'GET /upstream/two/health']);
  expect(host.proxy.commands.filter((command) => command.includes('/one/'))).toHaveLength(1);
  expect(await bench.rpc.ask(calls.action, { id: third })).toEqual(back);
  await expect(bench.rpc.ask(calls.action, { id: NOBODY })).rejects.toMatchObject({
    code: 'not_found',
  });
  const { ended } = await bench.rpc.ask(calls.actions, { providerId });
  expect(ended.find(({ id }) => id === last)).toMatchObject({ reason: { code: 'already_ready' } });
});

test('a key gives the same action, for the same request only', async () => {
  const { id: providerId, proxy } = await bench.host(service);
  await bench.known(other, providerId);
  const request = { kind: 'warm', providerId, model: 'one' } as const;
  const asked = await Promise.all(
    Array.from({ length: 6 }, () => bench.submit(request, { idempotencyKey: 'k1' })),
  );
  expect(new Set(asked.map(({ action }) => action.id)).size).toBe(1);
  expect(asked.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
  const ended = await bench.ended(service, asked[0]?.action.id ?? '');
  expect(await bench.submit(request, { idempotencyKey: 'k1' })).toEqual({
    action: ended,
    ahead: null,
    isReplay: true,
  });
  expect(await bench.rejected({ ...request, model: 'two' }, { idempotencyKey: 'k1' })).toMatchObject({
    code: 'idempotency_conflict',
  });
  expect(proxy.commands).toHaveLength(1);
});

test('pages of what has ended, newest first', async () => {
  const { id: providerId } = await bench.host(service);
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) {
    const { action } = await bench.submit({ kind: 'unload', providerId, model: 'one' });
    expect(await bench.ended(service, action.id)).toMatchObject({
      state: 'skipped',
      reason: { code: 'already_stopped' },
    });
    ids.unshift(action.id);
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await bench.rpc.ask(calls.actions, { providerId, limit: 2, ...(cursor ? { cursor } : {}) });
    seen.push(...page.ended.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(ids);
});

test('a queue that is lost with its bus leaves nothing that waits for ever', async () => {
  const host = await busyHost();
  const [first = '', ...waiting] = host.ids;
  await (await jetstreamManager(bench.nc)).streams.delete(STREAM.actionQueue);
  await service.app.get(JetStreamSetup).ensure();
  for (const id of waiting)
    expect(await bench.ended(service, id)).toMatchObject({
      state: 'skipped',
      reason: { code: 'queue_lost' },
    });
  letGo(host);
  expect(await bench.ended(service, first)).toMatchObject({ state: 'succeeded' });
  const { action } = await bench.submit({ kind: 'warm', providerId: host.id, model: 'two' });
  expect(await bench.ended(service, action.id)).toMatchObject({ state: 'succeeded' });
  const before = await bench.action(service, waiting[2] ?? '');
  expect(action.turn).toBeGreaterThan(before.turn ?? Infinity);
  expect(host.proxy.commands).toHaveLength(2);
});
