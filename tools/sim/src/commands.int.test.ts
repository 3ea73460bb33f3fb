import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSimHost, type SimHost } from './sim-host.js';
import { call, chat } from './testing/calls.js';
import { EventReader } from './testing/event-reader.js';
import { until } from './testing/until.js';

let host: SimHost;
beforeEach(async () => {
  host = await createSimHost({
    timeScale: 100,
    models: [
      { id: 'org/m', loadMs: 100, aliases: ['m'] },
      { id: 'long', genTps: 1 },
    ],
    profileList: [{ id: 'work' }],
  });
});
afterEach(() => host.close());

const state = (id = 'org/m'): string | undefined =>
  host.state().models.find((model) => model.id === id)?.state;
/** The status, or the socket's error code. */
const outcome = (path: string, method = 'POST', body?: unknown): Promise<number | string> =>
  call(`${host.url}${path}`, method, body).then(
    ({ status }) => status,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
const load = (model = 'm'): Promise<number | string> => outcome(`/upstream/${model}/health`, 'GET');
const told = (): unknown[] =>
  host.commands().map(({ kind, target, done, status }) => [kind, target, done, status]);

/** Each command, a way to be asked for it, and how to see that it was done. */
const COMMANDS = [
  {
    kind: 'load',
    target: 'org/m',
    prepare: async () => {},
    ask: () => load(),
    isDone: () => state() === 'ready',
  },
  {
    kind: 'unload',
    target: 'org/m',
    prepare: () => load(),
    ask: () => outcome('/api/models/unload/m'),
    isDone: () => state() === 'stopped',
  },
  {
    kind: 'unload-all',
    target: null,
    prepare: () => load(),
    ask: () => outcome('/api/models/unload'),
    isDone: () => state() === 'stopped',
  },
  {
    kind: 'cancel',
    target: '1',
    prepare: async () => {
      chat(host.url, 'long', 'a long one', { max_tokens: 5_000 }).catch(() => undefined);
      await until(() => host.state().models.some(({ serving }) => serving > 0), 'a request under way');
    },
    ask: () => outcome('/api/inflight/1/cancel'),
    isDone: () => host.state().inflight === 0,
  },
  {
    kind: 'profile',
    target: 'work',
    prepare: async () => {},
    ask: () => outcome('/api/profiles/active', 'PUT', { name: 'work' }),
    isDone: async () => {
      const { json } = await call(`${host.url}/api/profiles`);
      return (json as { active: string | null }).active === 'work';
    },
  },
] as const;

describe.each(COMMANDS)('$kind', ({ kind, target, prepare, ask, isDone }) => {
  const newest = (): unknown => host.commands().at(-1);
  beforeEach(async () => void (await prepare()));

  test('done and answered: the ledger has what, when and how', async () => {
    const before = new Date().toISOString();
    expect(await ask()).toBe(200);
    await until(isDone, 'it to be done');
    await until(() => host.commands().at(-1)?.endedAt !== null, 'its end');
    expect(newest()).toMatchObject({ boot: 1, kind, target, done: true, status: 200 });
    const { receivedAt = '', endedAt } = host.commands().at(-1) ?? {};
    expect(before <= receivedAt && receivedAt <= (endedAt ?? '')).toBe(true);
  });

  test('error: a 500, and nothing is done', async () => {
    await host.faults.set({ commands: { how: 'error', kinds: [kind], count: 1 } });
    expect(await ask()).toBe(500);
    await until(() => host.commands().at(-1)?.endedAt !== null, 'its end');
    expect(newest()).toMatchObject({ kind, done: false, status: 500 });
    expect(await isDone()).toBe(false);
    expect(host.faults.current).toEqual({});
    expect(await ask()).toBe(200);
  });

  test('reset: it is done, then the connection breaks', async () => {
    await host.faults.set({ commands: { how: 'reset' } });
    expect(await ask()).toBe('ECONNRESET');
    await until(isDone, 'it to be done');
    expect(newest()).toMatchObject({ kind, target, done: true, status: null });
  });

  test('mute and hang: no answer; the one is done, the other is not', async () => {
    await host.faults.set({ commands: { how: 'hang', kinds: [kind], count: 1 } });
    const hanging = ask();
    await until(() => host.faults.current.commands === undefined, 'the command');
    expect(await isDone()).toBe(false);
    await host.faults.set({ commands: { how: 'mute', kinds: [kind] } });
    const muted = ask();
    await until(isDone, 'it to be done');
    expect(host.commands().slice(-2)).toMatchObject([
      { kind, done: false, status: null, endedAt: null },
      { kind, target, done: true, status: null, endedAt: null },
    ]);
    host.killConnections();
    expect(await Promise.all([hanging, muted])).toEqual(['ECONNRESET', 'ECONNRESET']);
    await until(() => host.commands().every(({ endedAt }) => endedAt !== null), 'their ends');
  });

  test('restart: the host is a new one before it could answer', async () => {
    await host.faults.set({ commands: { how: 'restart', kinds: [kind], count: 1, downMs: 20 } });
    expect(await ask()).toBe('ECONNRESET');
    await until(() => host.state().boot === 2, 'the restart');
    await until(async () => (await outcome('/health', 'GET')) === 200, 'the host');
    expect(newest()).toMatchObject({ boot: 1, kind, target, status: null });
    expect(host.state()).toMatchObject({ inflight: 0, models: [{ state: 'stopped' }, { state: 'stopped' }] });
  });
});

describe('models that are slow to come and go', () => {
  test('stopHangs: the unload and its answer wait until the fault is cleared', async () => {
    await load();
    await host.faults.set({ stopHangs: { models: ['org/m'] } });
    const unload = outcome('/api/models/unload/m');
    await until(() => state() === 'stopping', 'the stop to begin');
    expect(await outcome('/running', 'GET')).toBe(200);
    expect(state()).toBe('stopping');
    await host.faults.clear();
    expect(await unload).toBe(200);
    expect(state()).toBe('stopped');
  });

  test('slowLoad: the model is starting until an unload ends it', async () => {
    await host.faults.set({ slowLoad: { loadMs: 10_000_000 } });
    const slow = load();
    await until(() => state() === 'starting', 'the load');
    expect(await outcome('/api/models/unload/m')).toBe(200);
    expect(await slow).toBe(500);
    await host.faults.set({ slowLoad: { models: ['another'], loadMs: 10_000_000 } });
    expect(await load()).toBe(200);
  });
});

test('the ledger has what was refused, leaves out what is no command, and outlives restarts', async () => {
  const reader = await EventReader.open(host.url);
  reader.close();
  await chat(host.url, 'm', 'hello');
  await call(`${host.url}/upstream/m/props`);
  await outcome('/api/models/unload/no/such');
  await host.faults.set({ loadFailure: {} });
  await call(`${host.url}/upstream/long/health`, 'GET', undefined, { 'X-Boo-Source': 'bench' });
  await host.restart();
  await call(`${host.url}/unload`);
  await until(() => host.commands().every(({ endedAt }) => endedAt !== null), 'their ends');
  expect(told()).toEqual([
    ['unload', 'no/such', false, 404],
    ['load', 'long', false, 500],
    ['unload-all', null, true, 200],
  ]);
  expect(host.commands().map(({ n, boot, source }) => [n, boot, source])).toEqual([
    [1, 1, undefined],
    [2, 1, 'bench'],
    [3, 2, undefined],
  ]);
  const overHttp = (await call(`${host.url}/sim/commands`)).json;
  expect(overHttp).toMatchObject([
    { n: 1 },
    { n: 2, source: 'bench' },
    { n: 3, endedAt: expect.any(String) as string },
  ]);
});

test('what never reaches a handler is in the ledger too', async () => {
  await host.faults.set({ hang: true });
  const hanging = load();
  await until(() => host.commands().length === 1, 'the command');
  await host.faults.set({ hang: false, unauthorized: true });
  expect(await load()).toBe(401);
  host.killConnections();
  await hanging;
  await until(() => host.commands().every(({ endedAt }) => endedAt !== null), 'their ends');
  expect(told()).toEqual([
    ['load', 'org/m', false, null],
    ['load', 'org/m', false, 401],
  ]);
});
