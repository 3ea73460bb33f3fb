import { calls, type Action } from '@boocontrol/contracts';
import { spawnService, waitFor } from '@boocontrol/testing';
import { momentNow } from '@boocontrol/platform';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Bench, QUICK, type Replica } from '../testing/bench.js';
import { ActionQueue } from './action-queue.js';
import { ActionRunner } from './action-runner.js';
import { begin, insertQueued } from './actions.repository.js';
import { askedOf } from './asked.js';
import { hashOf } from './submission.js';

vi.setConfig({ testTimeout: 120_000 });

let bench: Bench;
let service: Replica;
beforeAll(async () => {
  bench = await Bench.open();
  service = await bench.service();
});
afterAll(() => bench?.close());

test('an answer that is lost: the host is looked at, and not asked again', async () => {
  const { id: providerId, proxy, sim } = await bench.host(service);
  proxy.fate = 'lose_answer';
  const warm = await bench.submit({ kind: 'warm', providerId, model: 'one' });
  expect(await bench.ended(service, warm.action.id)).toMatchObject({
    state: 'succeeded',
    reason: {
      code: 'seen_done',
      message: 'The host was asked to load one, and its answer was lost. one is loaded.',
    },
  });
  const unload = await bench.submit({ kind: 'unload', providerId, model: 'one' });
  expect(await bench.ended(service, unload.action.id)).toMatchObject({ state: 'succeeded' });
  expect(sim.state().models[0]?.state).toBe('stopped');
  proxy.fate = 'drop';
  const dropped = await bench.submit({ kind: 'warm', providerId, model: 'one' });
  expect(await bench.ended(service, dropped.action.id)).toMatchObject({
    state: 'failed',
    reason: { code: 'seen_undone' },
  });
  expect(proxy.commands).toHaveLength(3);
});

test('a host that does not answer in time, and one that goes away for good', async () => {
  const { id: providerId, proxy } = await bench.host(service);
  proxy.fate = 'hold';
  const late = await bench.submit({ kind: 'unload', providerId, model: 'one' });
  expect(await bench.ended(service, late.action.id)).toMatchObject({ state: 'skipped' });
  const slow = await bench.submit({ kind: 'profile', providerId, profile: 'night' });
  expect(await bench.ended(service, slow.action.id)).toMatchObject({
    state: 'failed',
    reason: { message: expect.stringContaining('did not answer in time') },
  });
  const gone = await bench.submit({ kind: 'warm', providerId, model: 'two' });
  await waitFor(() => proxy.commands.length === 2, { what: 'the command to arrive' });
  proxy.isDown = true;
  proxy.drop();
  expect(await bench.ended(service, gone.action.id)).toMatchObject({
    state: 'outcome_unknown',
    reason: { message: expect.stringContaining('What came of it cannot be seen') },
  });
  expect(proxy.commands).toHaveLength(2);
});

test('a host that is down is refused at once; what waited for it is skipped', async () => {
  const { id: providerId, proxy } = await bench.host(service);
  proxy.fate = 'hold';
  const first = await bench.submit({ kind: 'warm', providerId, model: 'one' });
  const second = await bench.submit({ kind: 'warm', providerId, model: 'two' });
  await waitFor(() => proxy.commands.length === 1, { what: 'the first to be asked for' });
  proxy.isDown = true;
  proxy.drop();
  await bench.until(service, first.action.id, 'outcome_unknown');
  const skipped = await bench.ended(service, second.action.id);
  expect(skipped).toMatchObject({ state: 'skipped', startedAt: null, reason: { code: 'host_offline' } });
  expect(await bench.rejected({ kind: 'warm', providerId, model: 'one' })).toMatchObject({
    code: 'host_offline',
  });
  expect(proxy.commands).toHaveLength(1);
});

test.each(['killed', 'stalled'] as const)(
  '%s while the host is at it: another process ends it by what it sees, and asks nothing',
  async (fate) => {
    const own = await Bench.open();
    try {
      const watcher = await own.service();
      const {
        id: providerId,
        proxy,
        sim,
      } = await own.host(watcher, {
        models: [{ id: 'one', loadMs: 2_000 }],
      });
      await watcher.stop();
      // Only the process that will be gone works on it.
      const worker = await spawnService('services/actions/dist/main.js', own.environment);
      await worker.waitReady();
      const { action } = await waitFor(() => own.submit({ kind: 'warm', providerId, model: 'one' }), {
        what: 'the action to be taken in',
      });
      await waitFor(() => sim.state().models[0]?.state === 'starting', { what: 'the load to begin' });
      if (fate === 'killed') await worker.kill9();
      else process.kill(worker.pid, 'SIGSTOP');
      const next = await own.service();
      const ended = await own.ended(next, action.id, 40_000);
      expect(ended).toMatchObject({
        state: 'succeeded',
        reason: {
          code: 'seen_done',
          message: 'The service was interrupted while this was under way. one is loaded.',
        },
      });
      if (fate !== 'killed') {
        process.kill(worker.pid, 'SIGCONT');
        // It has the answer of the host now, and what it says of it comes too late.
        await worker.stop();
      }
      const events = await own.events(providerId, action.id, 'succeeded');
      expect(events.filter((event) => event !== 'progress')).toEqual(['queued', 'started', 'succeeded']);
      await waitFor(async () => (await own.queued()) === 0, { what: 'an empty queue' });
      expect(await own.action(next, action.id)).toEqual(ended);
      expect(proxy.commands).toEqual(['GET /upstream/one/health']);
    } finally {
      await own.close();
    }
  },
);

test('a service that stops hands over at once what it had begun', async () => {
  const {
    id: providerId,
    proxy,
    sim,
  } = await bench.host(service, { models: [{ id: 'one', loadMs: 4_000 }] });
  const { action } = await bench.submit({ kind: 'warm', providerId, model: 'one' });
  await waitFor(() => sim.state().models[0]?.state === 'starting', { what: 'the load to begin' });
  const next = await bench.service();
  await service.stop();
  service = next;
  expect(await bench.ended(next, action.id)).toMatchObject({
    state: 'succeeded',
    reason: { code: 'seen_done' },
  });
  expect(proxy.commands).toHaveLength(1);
});

test('the bus is killed while actions wait: they are done when it is back', async () => {
  const { id: providerId, proxy } = await bench.host(service);
  proxy.fate = 'hold';
  const ids: string[] = [];
  for (const model of ['one', 'two'])
    ids.push((await bench.submit({ kind: 'warm', providerId, model })).action.id);
  await waitFor(() => proxy.commands.length === 1, { what: 'the first to be asked for' });
  await bench.nats.kill9();
  await bench.nats.restart();
  proxy.fate = 'pass';
  proxy.release();
  for (const id of ids) expect((await bench.ended(service, id, 40_000)).state).toBe('succeeded');
  expect(proxy.commands).toHaveLength(2);
});

/** A row as a process leaves it that is cut off before the queue has it. */
async function cutOff(providerId: string, idempotencyKey: string): Promise<Action> {
  const request = { kind: 'warm', providerId, model: 'one' } as const;
  const row = await insertQueued(service.app.get(DataSource), {
    asked: askedOf(request, { confirm: false }),
    source: 'test',
    idempotencyKey,
    requestHash: hashOf({ request, confirm: false, source: 'test' }),
  });
  if (row === null) throw new Error('the key is known');
  return row.action;
}

test('cut off before the queue had it: it is forgotten, unless it is asked for again or the queue has it after all', async () => {
  const { id: providerId, proxy } = await bench.host(service);
  const forgotten = await cutOff(providerId, 'cut-1');
  const { open } = await bench.rpc.ask(calls.actions, { providerId });
  expect(open).toEqual([]);
  await waitFor(
    () =>
      bench.action(service, forgotten.id).then(
        () => false,
        () => true,
      ),
    {
      what: 'the row to be removed',
    },
  );

  const repeated = await cutOff(providerId, 'cut-2');
  const again = await bench.submit({ kind: 'warm', providerId, model: 'one' }, { idempotencyKey: 'cut-2' });
  expect(again).toMatchObject({ isReplay: true, action: { id: repeated.id } });
  expect(await bench.ended(service, repeated.id)).toMatchObject({ state: 'succeeded' });

  const queued = await cutOff(providerId, 'cut-3');
  await service.app.get(ActionQueue).put(queued);
  expect(await bench.ended(service, queued.id)).toMatchObject({ reason: { code: 'already_ready' } });
  expect(await bench.events(providerId, queued.id, 'skipped')).toEqual(['queued', 'skipped']);
  expect(proxy.commands).toHaveLength(1);
});

test('a worker that was held up between taking an action and asking for it does not ask', async () => {
  const { id: providerId, proxy } = await bench.host(service);
  const db = service.app.get(DataSource);
  const { id } = await cutOff(providerId, 'held-up');
  const begun = await begin(db, id, 'held-up');
  if (begun === null) throw new Error('it did not begin');
  const { wallMs, monotonicMs } = momentNow();
  const takenAt = { wallMs: wallMs - QUICK.stallMs - 1, monotonicMs };
  await service.app.get(ActionRunner).run(begun.action, 'held-up', takenAt, new AbortController().signal);
  expect(await bench.ended(service, id)).toMatchObject({ state: 'failed', reason: { code: 'not_asked' } });
  expect(proxy.commands).toEqual([]);
});
