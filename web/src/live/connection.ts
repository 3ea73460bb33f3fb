import { CONTROL_NAMESPACE, type ControlFrames, type Room } from '@boocontrol/contracts';
import type { Socket } from 'socket.io-client';
import type { LiveStore } from './store';

const FRAMES = [
  'control_fleet',
  'control_perf',
  'control_activity',
  'control_marks',
  'control_actions',
  'control_leases',
  'control_routing',
  'control_dispatches',
  'control_job',
  'control_log',
  'bye',
] as const;
/** A join whose snapshot does not come is sent again after this. */
const JOIN_TIMEOUT_MS = 10_000;
const REFUSED_RETRY_MS = 5_000;

type ServerEvents = { [K in (typeof FRAMES)[number]]: (frame: ControlFrames[K]) => void };
type ClientEvents = { join: (body: { rooms: Room[] }, answer: (reply: unknown) => void) => void };

type ControlSocket = Socket<ServerEvents, ClientEvents>;

/** The library comes with its own chunk, when the first socket is opened. */
async function openSocket(): Promise<ControlSocket> {
  const { io } = await import('socket.io-client');
  return io(CONTROL_NAMESPACE, {
    transports: ['websocket', 'polling'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
  });
}

/**
 * Keeps one socket to the gateway: joins the rooms of the page, one join at a time, because each is answered by a
 * snapshot and what comes before that snapshot has to wait.
 */
export function createConnection(store: LiveStore, onRefused: () => void, open = openSocket) {
  let started = false;
  let socket: ControlSocket | null = null;
  let wanted: Room[] = ['fleet'];
  let joined = '';
  let pending: ReturnType<typeof setTimeout> | null = null;

  const settle = (): void => {
    if (pending) clearTimeout(pending);
    pending = null;
  };

  const join = (): void => {
    const rooms = wanted.toSorted();
    if (!socket?.connected || pending || rooms.join() === joined) return;
    joined = rooms.join();
    store.joining();
    pending = setTimeout(() => {
      settle();
      joined = '';
      join();
    }, JOIN_TIMEOUT_MS);
    socket.emit('join', { rooms }, () => undefined);
  };

  const connect = async (): Promise<void> => {
    const opened = await open();
    socket = opened;
    opened.on('connect', () => {
      settle();
      joined = '';
      join();
    });
    opened.on('disconnect', (reason) => {
      settle();
      store.linked('lost');
      // The library does not come back by itself after the server closed the socket.
      if (reason === 'io server disconnect') setTimeout(() => opened.connect(), REFUSED_RETRY_MS);
    });
    opened.on('connect_error', () => {
      if (store.get().fleet) store.linked('lost');
      if (opened.active) return;
      onRefused();
      setTimeout(() => opened.connect(), REFUSED_RETRY_MS);
    });
    opened.on('control_fleet', (frame) => {
      store.push({ event: 'control_fleet', frame });
      if (frame.type !== 'snapshot') return;
      settle();
      store.linked('live');
      join();
    });
    opened.on('bye', (frame) => store.farewell(frame));
    opened.on('control_perf', (frame) => store.push({ event: 'control_perf', frame }));
    opened.on('control_marks', (frame) => store.push({ event: 'control_marks', frame }));
    opened.on('control_actions', (frame) => store.push({ event: 'control_actions', frame }));
    opened.on('control_leases', (frame) => store.push({ event: 'control_leases', frame }));
    opened.on('control_routing', (frame) => store.push({ event: 'control_routing', frame }));
    opened.on('control_dispatches', (frame) => store.push({ event: 'control_dispatches', frame }));
    opened.on('control_job', (frame) => store.push({ event: 'control_job', frame }));
    opened.on('control_log', (frame) => store.push({ event: 'control_log', frame }));
    opened.on('control_activity', (frame) => store.push({ event: 'control_activity', frame }));
  };

  return {
    /** Does nothing when it runs already. */
    start(): void {
      if (started) return;
      started = true;
      void connect();
    },
    follow(rooms: readonly Room[]): void {
      wanted = [...rooms];
      join();
    },
  };
}
