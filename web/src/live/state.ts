import type {
  ControlActions,
  ControlActivity,
  ControlDispatches,
  ControlFleet,
  ControlJob,
  ControlLeases,
  ControlLog,
  ControlMarks,
  ControlPerf,
  Fact,
  FleetState,
  PublicProvider,
  RoutingState,
} from '@boocontrol/contracts';
import { applyFact, emptyHost, instantToMs, mergeFleet } from '@boocontrol/fleet-model';
import { takeActions, type Actions } from './actions';
import { takeLeases } from './leases';
import { readMeter, type Meter } from './meters';

export type Inbound =
  | { event: 'control_fleet'; frame: ControlFleet }
  | { event: 'control_perf'; frame: ControlPerf }
  | { event: 'control_activity'; frame: ControlActivity }
  | { event: 'control_marks'; frame: ControlMarks }
  | { event: 'control_actions'; frame: ControlActions }
  | { event: 'control_leases'; frame: ControlLeases }
  | { event: 'control_routing'; frame: RoutingState }
  | { event: 'control_dispatches'; frame: ControlDispatches }
  | { event: 'control_job'; frame: ControlJob }
  | { event: 'control_log'; frame: ControlLog };

export interface LiveState {
  /** null until the first snapshot. */
  fleet: FleetState | null;
  providers: readonly PublicProvider[];
  meters: Readonly<Record<string, Meter>>;
  /** Favourites and what is hidden; null until the server has told. */
  marks: ControlMarks | null;
  /** What hosts are told to do; null until the server has told. */
  actions: Actions | null;
  /** Who has which host to themselves; null until the server has told. */
  leases: ControlLeases | null;
  /** What is under way through /v1; null until the server has told, which it does in the room `routing`. */
  routing: RoutingState | null;
  /** Server's clock minus ours, in milliseconds. */
  clockOffsetMs: number;
  /** Between a join and its snapshot, facts wait: applied at once they would hide what we missed before them. */
  synced: boolean;
  waiting: readonly { epoch: string; facts: readonly Fact[] }[];
}

export const initialState: LiveState = {
  fleet: null,
  providers: [],
  meters: {},
  marks: null,
  actions: null,
  leases: null,
  routing: null,
  clockOffsetMs: 0,
  synced: false,
  waiting: [],
};

/** To be called when a join is sent: its answer is a fresh snapshot. */
export const expectSnapshot = (state: LiveState): LiveState => ({ ...state, synced: false });

/** Frames in the order of their arrival; nowMs is our clock. */
export function receive(state: LiveState, inbound: readonly Inbound[], nowMs: number): LiveState {
  let next = state;
  for (const { event, frame } of inbound) {
    if (event === 'control_fleet' && frame.type === 'snapshot') next = takeSnapshot(next, frame, nowMs);
    else if (event === 'control_fleet' && frame.type === 'providers') {
      next = { ...next, providers: frame.providers };
    } else if (event === 'control_marks') next = { ...next, marks: frame };
    else if (event === 'control_actions') next = { ...next, actions: takeActions(next.actions, frame) };
    else if (event === 'control_routing') next = { ...next, routing: frame };
    else if (event === 'control_leases') next = { ...next, leases: takeLeases(next.leases, frame) };
    else if ('facts' in frame) next = takeFacts(next, frame.epoch, frame.facts);
  }
  return next;
}

type Snapshot = Extract<ControlFleet, { type: 'snapshot' }>;

function takeSnapshot(state: LiveState, snapshot: Snapshot, nowMs: number): LiveState {
  const fleet = state.fleet ? mergeFleet(state.fleet, snapshot.fleet) : snapshot.fleet;
  const ready = state.waiting.filter(({ epoch }) => epoch === fleet.epoch).flatMap(({ facts }) => facts);
  return applyAll(
    {
      ...state,
      fleet,
      providers: snapshot.providers,
      meters: metersOf(fleet, state.meters),
      // It is told anew after each snapshot, to those who look.
      routing: null,
      clockOffsetMs: instantToMs(snapshot.at) - nowMs,
      synced: true,
      waiting: state.waiting.filter(({ epoch }) => epoch !== fleet.epoch).slice(-WAITING_MAX),
    },
    ready,
  );
}

/** Frames of an epoch whose snapshot never comes must not pile up. */
const WAITING_MAX = 2000;

function takeFacts(state: LiveState, epoch: string, facts: readonly Fact[]): LiveState {
  if (state.synced && state.fleet?.epoch === epoch) return applyAll(state, facts);
  return { ...state, waiting: [...state.waiting, { epoch, facts }].slice(-WAITING_MAX) };
}

function applyAll(state: LiveState, facts: readonly Fact[]): LiveState {
  if (!state.fleet || facts.length === 0) return state;
  const hosts = { ...state.fleet.hosts };
  const meters = { ...state.meters };
  for (const fact of facts) {
    const id = fact.body.providerId;
    const host = applyFact(hosts[id] ?? emptyHost(id), fact);
    hosts[id] = host;
    if (host.perf) meters[id] = readMeter(meters[id], host.perf);
  }
  return { ...state, fleet: { epoch: state.fleet.epoch, hosts }, meters };
}

function metersOf(fleet: FleetState, known: LiveState['meters']): Record<string, Meter> {
  const meters: Record<string, Meter> = {};
  for (const [id, host] of Object.entries(fleet.hosts)) {
    if (host.perf) meters[id] = readMeter(known[id], host.perf);
  }
  return meters;
}
