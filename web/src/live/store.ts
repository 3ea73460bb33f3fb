import type {
  ActivityRow,
  ControlBye,
  ControlDispatches,
  ControlJob,
  ControlLog,
  PublicProvider,
} from '@boocontrol/contracts';
import { instantToMs, providerAt, toActivityRow } from '@boocontrol/fleet-model';
import { expectSnapshot, initialState, receive, type Inbound, type LiveState } from './state';

type Phase =
  /** The socket has not answered yet. */
  | 'connecting'
  | 'live'
  /** Was live; the socket library keeps trying. */
  | 'lost';

interface Link {
  phase: Phase;
  /** Our clock. */
  sinceMs: number;
  /** What the server said before it closed the connection. */
  bye: ControlBye | null;
}

export interface Live extends LiveState {
  link: Link;
}

type Listener = () => void;

/** Frames wait here for the next animation frame; a hidden tab has none, so a timer is behind it. */
const HIDDEN_FLUSH_MS = 1000;
/** A timer holds no more than 24 days. */
const LOOK_AGAIN_MS = 3_600_000;

interface Environment {
  now: () => number;
  requestFrame: (run: () => void) => void;
  later: (run: () => void, ms: number) => void;
}

export function createLiveStore({ now, requestFrame, later }: Environment) {
  let state: Live = { ...initialState, link: { phase: 'connecting', sinceMs: now(), bye: null } };
  let queue: Inbound[] = [];
  let scheduled = false;
  const listeners = new Set<Listener>();
  const requestListeners = new Set<(rows: ActivityRow[]) => void>();
  const dispatchListeners = new Set<(ended: ControlDispatches) => void>();
  const jobListeners = new Set<(jobs: ControlJob['jobs']) => void>();
  const logListeners = new Set<(frames: ControlLog[]) => void>();
  const snapshotListeners = new Set<Listener>();

  const set = (next: Live): void => {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };

  /** Of a maintenance that ends by itself nobody tells; until then this is when to look. */
  let lookAtMs = Infinity;
  const endMaintenances = (): void => {
    const nowMs = now() + state.clockOffsetMs;
    const providers = state.providers.map((provider) => providerAt(provider, nowMs));
    if (providers.some((provider, at) => provider !== state.providers[at])) set({ ...state, providers });
    const nextMs = nextEndMs(state.providers);
    if (nextMs === lookAtMs) return;
    lookAtMs = nextMs;
    if (nextMs === Infinity) return;
    const look = (): void => {
      if (lookAtMs !== nextMs) return;
      lookAtMs = Infinity;
      endMaintenances();
    };
    later(look, Math.min(LOOK_AGAIN_MS, nextMs - nowMs));
  };

  const flush = (): void => {
    if (!scheduled) return;
    scheduled = false;
    const inbound = queue;
    queue = [];
    set({ ...receive(state, inbound, now()), link: state.link });
    endMaintenances();
    const requests = requestsIn(inbound);
    if (requests.length > 0) for (const listener of requestListeners) listener(requests);
    for (const { event, frame } of inbound)
      if (event === 'control_dispatches') for (const listener of dispatchListeners) listener(frame);
    const jobs = inbound.flatMap(({ event, frame }) => (event === 'control_job' ? frame.jobs : []));
    if (jobs.length > 0) for (const listener of jobListeners) listener(jobs);
    const logs = inbound.flatMap(({ event, frame }) => (event === 'control_log' ? [frame] : []));
    if (logs.length > 0) for (const listener of logListeners) listener(logs);
    if (inbound.some(isSnapshot)) for (const listener of snapshotListeners) listener();
  };

  return {
    get: (): Live => state,
    subscribe(listener: Listener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Finished requests as they come, in batches of a frame; also those that wait for a snapshot. */
    onRequests(listener: (rows: ActivityRow[]) => void): () => void {
      requestListeners.add(listener);
      return () => requestListeners.delete(listener);
    },
    /** Requests to /v1 that have ended, as they come. */
    onDispatches(listener: (ended: ControlDispatches) => void): () => void {
      dispatchListeners.add(listener);
      return () => dispatchListeners.delete(listener);
    },
    /** What became of jobs, as it is told, in batches of a frame; only in the room `jobs`. */
    onJobs(listener: (jobs: ControlJob['jobs']) => void): () => void {
      jobListeners.add(listener);
      return () => jobListeners.delete(listener);
    },
    /** Lines of logs as they come, in batches of a frame; only in rooms of logs. */
    onLogs(listener: (frames: ControlLog[]) => void): () => void {
      logListeners.add(listener);
      return () => logListeners.delete(listener);
    },
    /** A snapshot came: facts may have passed that this page was not told, because it was away or too slow. */
    onSnapshot(listener: Listener): () => void {
      snapshotListeners.add(listener);
      return () => snapshotListeners.delete(listener);
    },
    push(inbound: Inbound): void {
      queue.push(inbound);
      if (scheduled) return;
      scheduled = true;
      requestFrame(flush);
      later(flush, HIDDEN_FLUSH_MS);
    },
    joining(): void {
      flush();
      set({ ...expectSnapshot(state), link: state.link });
    },
    linked(phase: Phase): void {
      if (state.link.phase !== phase) set({ ...state, link: { phase, sinceMs: now(), bye: null } });
    },
    /** The server is about to close the connection, and says why. */
    farewell(bye: ControlBye): void {
      flush();
      set({ ...state, link: { phase: 'lost', sinceMs: now(), bye } });
    },
  };
}
export type LiveStore = ReturnType<typeof createLiveStore>;

const nextEndMs = (providers: readonly PublicProvider[]): number =>
  Math.min(
    ...providers.flatMap(({ maintenance }) =>
      maintenance?.until === undefined ? [] : [instantToMs(maintenance.until)],
    ),
  );

const isSnapshot = ({ event, frame }: Inbound): boolean =>
  event === 'control_fleet' && frame.type === 'snapshot';

function requestsIn(inbound: readonly Inbound[]): ActivityRow[] {
  return inbound.flatMap(({ event, frame }) =>
    event === 'control_activity'
      ? [
          ...frame.facts.flatMap((fact) => (fact.kind === 'request' ? [toActivityRow(fact.body)] : [])),
          ...(frame.rows ?? []),
        ]
      : [],
  );
}
