import { emptyFleet, instantFromMs } from '@boocontrol/fleet-model';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConnection } from './connection';
import { createLiveStore } from './store';

/** What the connection uses of a socket, moved by hand. */
function fakeSocket() {
  const handlers = new Map<string, (argument: unknown) => void>();
  const joins: string[][] = [];
  const socket = {
    connected: false,
    /** Whether the library tries again by itself. */
    active: true,
    connects: 0,
    connect: () => (socket.connects += 1),
    on: (event: string, handler: (argument: unknown) => void) => handlers.set(event, handler),
    emit: (_event: 'join', { rooms }: { rooms: string[] }) => joins.push(rooms),
  };
  const happen = (event: string, argument?: unknown): void => handlers.get(event)?.(argument);
  return {
    socket,
    joins,
    happen,
    up: () => {
      socket.connected = true;
      happen('connect');
    },
    down: (reason: string) => {
      socket.connected = false;
      happen('disconnect', reason);
    },
    snapshot: () =>
      happen('control_fleet', {
        type: 'snapshot',
        at: instantFromMs(0),
        fleet: emptyFleet('e'),
        providers: [],
      }),
  };
}

async function started() {
  const store = createLiveStore({
    now: () => 0,
    requestFrame: (run) => run(),
    later: () => undefined,
  });
  const fake = fakeSocket();
  let [opened, refused] = [0, 0];
  const connection = createConnection(
    store,
    () => (refused += 1),
    async () => {
      opened += 1;
      return fake.socket as never;
    },
  );
  connection.start();
  connection.start();
  await Promise.resolve();
  await Promise.resolve();
  return { ...fake, store, connection, counts: () => ({ opened, refused }) };
}

describe('the connection', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('opens one socket, however often it is started', async () => {
    const { counts } = await started();
    expect(counts().opened).toBe(1);
  });

  it('joins when it is connected, and is live when the snapshot is there', async () => {
    const { up, joins, snapshot, store } = await started();
    expect([joins, store.get().link.phase]).toEqual([[], 'connecting']);
    up();
    expect([joins, store.get().link.phase]).toEqual([[['fleet']], 'connecting']);
    snapshot();
    expect(store.get()).toMatchObject({ link: { phase: 'live' }, synced: true });
  });

  it('has one join under way: the newest rooms follow when its snapshot is there', async () => {
    const { up, joins, snapshot, connection } = await started();
    up();
    connection.follow(['fleet', 'perf']);
    connection.follow(['perf', 'fleet', 'activity']);
    expect(joins).toEqual([['fleet']]);
    snapshot();
    expect(joins).toEqual([['fleet'], ['activity', 'fleet', 'perf']]);
  });

  it('does not join again for the same rooms in another order', async () => {
    const { up, joins, snapshot, connection } = await started();
    connection.follow(['fleet', 'perf']);
    up();
    snapshot();
    connection.follow(['perf', 'fleet']);
    expect(joins).toEqual([['fleet', 'perf']]);
  });

  it('lets facts wait from a join to its snapshot', async () => {
    const { up, snapshot, store, connection } = await started();
    up();
    snapshot();
    connection.follow(['fleet', 'perf']);
    expect(store.get().synced).toBe(false);
    snapshot();
    expect(store.get().synced).toBe(true);
  });

  it('sends a join again whose snapshot does not come', async () => {
    const { up, joins, snapshot } = await started();
    up();
    vi.advanceTimersByTime(9_999);
    expect(joins).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(joins).toEqual([['fleet'], ['fleet']]);
    snapshot();
    vi.advanceTimersByTime(60_000);
    expect(joins).toHaveLength(2);
  });

  it('joins afresh after a lost connection, which the library brings back', async () => {
    const { up, down, joins, snapshot, store, socket } = await started();
    up();
    snapshot();
    down('transport close');
    expect(store.get().link.phase).toBe('lost');
    vi.advanceTimersByTime(60_000);
    expect([socket.connects, joins.length]).toEqual([0, 1]);
    up();
    expect(joins).toHaveLength(2);
    expect(store.get().link.phase).toBe('lost');
    snapshot();
    expect(store.get().link.phase).toBe('live');
  });

  it('connects again itself when the server closed it, and keeps what the server said', async () => {
    const { up, down, happen, snapshot, store, socket } = await started();
    up();
    snapshot();
    happen('bye', { code: 'shutting_down', message: 'away' });
    down('io server disconnect');
    expect(store.get().link).toMatchObject({ phase: 'lost', bye: { code: 'shutting_down' } });
    expect(socket.connects).toBe(0);
    vi.advanceTimersByTime(5_000);
    expect(socket.connects).toBe(1);
  });

  it('asks about the session when it is refused, and tries again; not when the server is only away', async () => {
    const { happen, socket, counts, store } = await started();
    happen('connect_error');
    expect([counts().refused, store.get().link.phase]).toEqual([0, 'connecting']);
    socket.active = false;
    happen('connect_error');
    expect(counts().refused).toBe(1);
    vi.advanceTimersByTime(5_000);
    expect(socket.connects).toBe(1);
  });
});
