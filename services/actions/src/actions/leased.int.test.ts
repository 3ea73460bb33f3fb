import { HostLeases, type CurrentLease } from '@boocontrol/client';
import { calls } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Bench, type Replica } from '../testing/bench.js';
import { listActions, removeOldActions } from './action-lists.repository.js';

vi.setConfig({ testTimeout: 60_000 });

let bench: Bench;
let service: Replica;
let leases: HostLeases;
beforeAll(async () => {
  bench = await Bench.open();
  service = await bench.service();
  leases = new HostLeases(bench.nc);
});
afterAll(() => bench?.close());

async function acquire(providerId: string, purpose = 'bench: speed of one'): Promise<CurrentLease> {
  const acquired = await leases.acquire({ providerId, holder: 'bench on tower', purpose, source: 'bench' });
  if (!acquired.ok) throw new Error('somebody has it');
  return acquired.lease;
}

test('a host that somebody holds: its holder may, others are told who has it, to confirm takes over', async () => {
  const { id: providerId, proxy } = await bench.host(service);
  const { leaseId, fencingToken } = await acquire(providerId);
  const warm = { kind: 'warm', providerId, model: 'one' } as const;
  expect(await bench.rejected(warm)).toMatchObject({
    code: 'bench_in_progress',
    message: expect.stringContaining('bench on tower'),
    details: { holder: 'bench on tower', purpose: 'bench: speed of one' },
  });
  expect(await bench.rpc.ask(calls.previewAction, { request: warm, source: 'test' })).toMatchObject({
    refusal: { code: 'bench_in_progress', requiresConfirmation: true },
  });
  const own = await bench.submit(warm, { fencingToken });
  expect(await bench.ended(service, own.action.id)).toMatchObject({ state: 'succeeded' });
  expect(await leases.heartbeat({ leaseId, fencingToken })).toMatchObject({ ok: true });

  const unload = { kind: 'unload', providerId, model: 'one' } as const;
  const over = await bench.submit(unload, { confirm: true, source: 'cockpit' });
  expect(await bench.ended(service, over.action.id)).toMatchObject({ state: 'succeeded', confirmed: true });
  expect(await leases.heartbeat({ leaseId, fencingToken })).toEqual({
    ok: false,
    reason: 'taken_over',
    by: 'cockpit',
  });

  await acquire(providerId, 'a person at work');
  expect(await bench.rejected(warm)).toMatchObject({ code: 'host_leased' });
  for (const token of [fencingToken, '9999999999999999.1'])
    expect(await bench.rejected(warm, { fencingToken: token, confirm: true })).toMatchObject({
      code: 'stale_lease',
    });
  expect(proxy.commands).toHaveLength(2);
});

test('a lease that is over opens nothing any more, also when nobody holds the host', async () => {
  const { id: providerId } = await bench.host(service);
  const warm = { kind: 'warm', providerId, model: 'one' } as const;
  const first = await acquire(providerId);
  await leases.release(first);
  const second = await acquire(providerId);
  expect(await bench.rejected(warm)).toMatchObject({ code: 'bench_in_progress' });
  await leases.release(second);
  expect(await bench.rejected(warm, { fencingToken: first.fencingToken })).toMatchObject({
    code: 'stale_lease',
  });
  const { action } = await bench.submit(warm);
  expect(await bench.ended(service, action.id)).toMatchObject({ state: 'succeeded' });
});

test('a host that is acquired while actions wait: they are skipped, one that was confirmed takes over', async () => {
  const { id: providerId, proxy } = await bench.host(service);
  proxy.fate = 'hold';
  const first = await bench.submit({ kind: 'warm', providerId, model: 'one' });
  const second = await bench.submit({ kind: 'warm', providerId, model: 'two' });
  const third = await bench.submit({ kind: 'warm', providerId, model: 'two' }, { confirm: true });
  await waitFor(() => proxy.commands.length === 1, { what: 'the first to be asked for' });
  const lease = await acquire(providerId);
  proxy.fate = 'pass';
  proxy.release();
  expect(await bench.ended(service, first.action.id)).toMatchObject({ state: 'succeeded' });
  expect(await bench.ended(service, second.action.id)).toMatchObject({
    state: 'skipped',
    reason: { code: 'bench_in_progress' },
  });
  expect(await bench.ended(service, third.action.id)).toMatchObject({ state: 'succeeded' });
  expect(await leases.heartbeat(lease)).toMatchObject({ ok: false, reason: 'taken_over' });
});

test('maintenance and protection', async () => {
  const { id: providerId, proxy } = await bench.host(service, {}, { protectedModels: ['one'] });
  const warm = await bench.submit({ kind: 'warm', providerId, model: 'one' });
  await bench.ended(service, warm.action.id);
  const unload = { kind: 'unload', providerId, model: 'one' } as const;
  await waitFor(async () => (await bench.rejected(unload)).code === 'model_protected', {
    what: 'the model to be seen as loaded',
  });
  const confirmed = await bench.submit(unload, { confirm: true });
  expect(await bench.ended(service, confirmed.action.id)).toMatchObject({ state: 'succeeded' });

  const maintenance = { since: '2026-11-21T12:00:00.000000Z', note: 'new fans' };
  await bench.register(providerId, { baseUrl: proxy.url, maintenance });
  await waitFor(async () => (await bench.rejected(unload)).code === 'in_maintenance', {
    what: 'the maintenance to be known',
  });
  expect(await bench.rejected({ kind: 'warm', providerId: 'nobody', model: 'one' })).toMatchObject({
    code: 'unknown_provider',
  });
  expect(proxy.commands).toHaveLength(2);
});

test('what an action would do is told also while the history does not answer', async () => {
  const { id: providerId, proxy } = await bench.host(service);
  const preview = await bench.rpc.ask(calls.previewAction, {
    request: { kind: 'warm', providerId, model: 'one' },
    source: 'test',
  });
  expect(preview).toEqual({
    refusal: null,
    ahead: 0,
    evicts: [],
    load: null,
    inflight: [],
    sentence: 'Loads one. How earlier loads went could not be asked, because the history does not answer.',
  });
  expect(proxy.commands).toEqual([]);
});

test('what ended long ago is removed, what is open stays', async () => {
  const db = service.app.get(DataSource);
  const { id: providerId } = await bench.host(service);
  for (let n = 0; n < 2; n++) {
    const { action } = await bench.submit({ kind: 'unload', providerId, model: 'one' });
    await bench.ended(service, action.id);
    if (n === 0)
      await db.query(`UPDATE actions.actions SET ended_at = ended_at - interval '91 days' WHERE id = $1`, [
        action.id,
      ]);
  }
  expect(await removeOldActions(db, 90)).toBe(1);
  expect((await listActions(db, { providerId, limit: 10 })).ended).toHaveLength(1);
});
