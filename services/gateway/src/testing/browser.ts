import {
  CONTROL_NAMESPACE,
  ControlFrameSchemas,
  type Action,
  type ActivityRow,
  type ControlFrames,
  type ControlLog,
  type Fact,
  type FleetState,
  type Problem,
  type PublicProvider,
  type Room,
} from '@boocontrol/contracts';
import { applyToFleet, mergeFleet } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { io, type Socket } from 'socket.io-client';

/** What a page does: it joins rooms and folds what comes. */
export class TestBrowser {
  readonly socket: Socket;
  fleet: FleetState | null = null;
  providers: PublicProvider[] = [];
  snapshots = 0;
  epochs: string[] = [];
  facts: Fact[] = [];
  /** Of providers that tell of no requests themselves. */
  rows: ActivityRow[] = [];
  jobs: ControlFrames['control_job']['jobs'] = [];
  marks: ControlFrames['control_marks'] | null = null;
  /** As a page would show them: the newest copy of each. */
  actions = new Map<string, Action>();
  actionFrames: ControlFrames['control_actions'][] = [];
  leases: ControlFrames['control_leases'] | null = null;
  routing: ControlFrames['control_routing'] | null = null;
  dispatches: ControlFrames['control_dispatches'][] = [];
  /** By log, as a page would show them. */
  logs = new Map<string, ControlLog['lines']>();
  tails = 0;

  constructor(url: string, options: { headers?: Record<string, string>; transports?: string[] } = {}) {
    const { headers = {}, transports = ['websocket'] } = options;
    this.socket = io(`${url}${CONTROL_NAMESPACE}`, {
      transports,
      extraHeaders: headers,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
      forceNew: true,
    });
    this.on('control_fleet', (frame) => {
      if (frame.type === 'facts') return this.take(frame.epoch, frame.facts);
      this.providers = frame.providers;
      if (frame.type !== 'snapshot') return;
      this.snapshots++;
      if (this.epochs.at(-1) !== frame.fleet.epoch) this.epochs.push(frame.fleet.epoch);
      this.fleet = this.fleet === null ? frame.fleet : mergeFleet(this.fleet, frame.fleet);
    });
    this.on('control_perf', ({ epoch, facts }) => this.take(epoch, facts));
    this.on('control_activity', ({ epoch, facts, rows = [] }) => {
      this.rows.push(...rows);
      this.take(epoch, facts);
    });
    this.on('control_marks', (marks) => (this.marks = marks));
    this.on('control_actions', (frame) => {
      this.actionFrames.push(frame);
      if (frame.type === 'all') this.actions = new Map();
      for (const action of frame.actions)
        if (action.version > (this.actions.get(action.id)?.version ?? 0)) this.actions.set(action.id, action);
    });
    this.on('control_leases', (leases) => (this.leases = leases));
    this.on('control_routing', (routing) => (this.routing = routing));
    this.on('control_dispatches', (frame) => this.dispatches.push(frame));
    this.on('control_job', ({ jobs }) => this.jobs.push(...jobs));
    this.on('control_log', ({ type, providerId, source, lines }) => {
      const key = `${providerId}:${source}`;
      if (type === 'tail') this.tails++;
      this.logs.set(key, type === 'tail' ? lines : [...(this.logs.get(key) ?? []), ...lines]);
    });
  }

  /** Joins, and joins again after each reconnect. */
  async join(...rooms: Room[]): Promise<void> {
    this.socket.on('connect', () => void this.socket.emitWithAck('join', { rooms }));
    if (this.socket.connected) await this.ask({ rooms });
    await waitFor(() => this.snapshots > 0, { what: 'a first snapshot' });
  }

  ask(body: unknown): Promise<{ ok?: true; error?: Problem }> {
    return this.socket.timeout(5_000).emitWithAck('join', body) as Promise<{ ok?: true; error?: Problem }>;
  }

  connected(): Promise<boolean> {
    return waitFor(() => this.socket.connected, { what: 'a connected socket' });
  }

  close(): void {
    this.socket.disconnect();
  }

  /** Every frame must be what the contracts say. */
  private on<K extends keyof ControlFrames>(event: K, handle: (frame: ControlFrames[K]) => void): void {
    const schema = ControlFrameSchemas[event] as { parse(frame: unknown): unknown };
    this.socket.on(event as string, (frame: unknown) => handle(schema.parse(frame) as ControlFrames[K]));
  }

  private take(epoch: string, facts: Fact[]): void {
    this.facts.push(...facts);
    if (this.fleet === null || this.fleet.epoch !== epoch) return;
    for (const fact of facts) this.fleet = applyToFleet(this.fleet, fact);
  }
}
