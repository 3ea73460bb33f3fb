import type { LogSource, Room } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { BUS, counter, gauge, JetStreamSetup, LiveFleet, LOG, type Log } from '@boocontrol/platform';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { ActionsLive } from '../actions/actions-live.js';
import { JobsLive } from '../jobs/jobs-live.js';
import { LeasesLive } from '../leases/leases-live.js';
import { Marks } from '../marks/marks.js';
import { Providers } from '../registry/providers.service.js';
import { RoutingLive } from '../under-way/routing-live.js';
import { nextPace } from './backlog.js';
import { Coalescer } from './coalescer.js';
import { MadeRows } from './made-rows.js';
import { LogRoom } from './log-room.js';
import { Peer, type ControlNamespace, type ControlSocket } from './peer.js';

const TICK_MS = 50;
/** The socket room of every browser that is up to date. */
const EVERYBODY = 'everybody';

const peersGauge = gauge('boo_gateway_sockets', 'Browsers on /control');
const lagged = counter(
  'boo_gateway_sockets_lagged_total',
  'Browsers that fell behind and were given a fresh snapshot',
);

/** Everything that goes to the browsers: a snapshot after each join, then, every 50 ms, what came for their rooms. */
@Injectable()
export class Hub implements BeforeApplicationShutdown {
  private readonly peers = new Map<string, Peer>();
  private readonly logRooms = new Map<Room, LogRoom>();
  private readonly coalescer = new Coalescer();
  private nsp: ControlNamespace | undefined;
  private epoch = '';
  private hasNewProviders = false;
  private ticking: NodeJS.Timeout | undefined;

  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) private readonly setup: JetStreamSetup,
    @Inject(LiveFleet) private readonly fleet: LiveFleet,
    @Inject(Providers) private readonly providers: Providers,
    @Inject(JobsLive) private readonly jobs: JobsLive,
    @Inject(MadeRows) private readonly madeRows: MadeRows,
    @Inject(Marks) private readonly marks: Marks,
    @Inject(ActionsLive) private readonly actions: ActionsLive,
    @Inject(LeasesLive) private readonly leases: LeasesLive,
    @Inject(RoutingLive) private readonly routing: RoutingLive,
  ) {
    fleet.onFact((fact) => this.coalescer.add(fact));
    fleet.onRebuilt(() => this.onRebuilt());
    providers.onChange(() => this.onProviders());
    marks.onChange(() => this.sendMarks());
  }

  start(nsp: ControlNamespace): void {
    this.nsp = nsp;
    this.ticking = setInterval(() => this.tick(), TICK_MS);
  }

  connected(socket: ControlSocket): void {
    this.peers.set(socket.id, new Peer(socket));
    peersGauge.set(this.peers.size);
  }

  disconnected(socket: ControlSocket): void {
    const peer = this.peers.get(socket.id);
    if (peer === undefined) return;
    this.peers.delete(socket.id);
    peersGauge.set(this.peers.size);
    this.leaveRooms(peer);
    this.closeEmptyLogRooms();
    this.watchRouting();
  }

  /** The complete set of rooms from now on. */
  join(socket: ControlSocket, rooms: ReadonlySet<Room>): void {
    const peer = this.peers.get(socket.id);
    if (peer === undefined) return;
    peer.rooms = rooms;
    this.leaveRooms(peer);
    // After the acknowledgement, which is sent when this turn is over.
    setImmediate(() => {
      if (peer.rooms === rooms) this.synchronise(peer);
      this.closeEmptyLogRooms();
      this.watchRouting();
    });
  }

  /** The fleet was built anew: facts still waiting belong to the epoch before. */
  private onRebuilt(): void {
    this.sendFacts();
    this.epoch = this.fleet.state?.epoch ?? '';
    for (const peer of this.peers.values()) {
      if (this.isUpToDate(peer)) this.sendSnapshot(peer);
      else this.synchronise(peer);
    }
  }

  private onProviders(): void {
    this.hasNewProviders = true;
    // The first reading of the registry may be what joined browsers wait for.
    for (const peer of this.peers.values()) if (!this.isUpToDate(peer)) this.synchronise(peer);
  }

  /** Tells every browser why, and closes it so that it comes back by itself. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.ticking);
    this.nsp?.emit('bye', {
      code: 'shutting_down',
      message: 'BooControl is shutting down; the page reconnects by itself.',
    });
    for (const { socket } of this.peers.values()) socket.conn.close();
    await Promise.all([...this.logRooms.values()].map((room) => room.stop()));
  }

  private isUpToDate(peer: Peer): boolean {
    return peer.socket.rooms.has(EVERYBODY);
  }

  /** A snapshot, then the rooms: what comes from now on is newer. */
  private synchronise(peer: Peer): void {
    if (!peer.isLive || !this.sendSnapshot(peer)) return;
    const { marks, actions, leases } = this;
    if (marks.current !== null) peer.socket.emit('control_marks', marks.current);
    if (actions.current !== null) peer.socket.emit('control_actions', actions.current);
    if (leases.current !== null) peer.socket.emit('control_leases', leases.current);
    const { state } = this.routing;
    if (state !== null && peer.rooms?.has('routing')) peer.socket.emit('control_routing', state);
    void peer.socket.join(EVERYBODY);
    for (const room of peer.rooms ?? []) {
      if (room.startsWith('log:')) this.logRoom(room).add(peer);
      else void peer.socket.join(room);
    }
  }

  private sendSnapshot({ socket }: Peer): boolean {
    const { state: fleet } = this.fleet;
    const providers = this.providers.list();
    if (fleet === null || providers === null) return false;
    socket.emit('control_fleet', { type: 'snapshot', at: instantFromMs(Date.now()), fleet, providers });
    return true;
  }

  private leaveRooms(peer: Peer): void {
    for (const room of peer.socket.rooms) if (room !== peer.id) void peer.socket.leave(room);
    for (const room of this.logRooms.values()) room.remove(peer);
  }

  private logRoom(name: Room): LogRoom {
    const known = this.logRooms.get(name);
    if (known) return known;
    const { nc, log, setup } = this;
    const [, providerId = '', source] = name.split(':');
    const nsp = this.nsp as ControlNamespace;
    const room = new LogRoom({ nc, log, setup, nsp, providerId, source: source as LogSource });
    this.logRooms.set(name, room);
    return room;
  }

  private closeEmptyLogRooms(): void {
    for (const [name, room] of this.logRooms) {
      if (!room.isEmpty) continue;
      this.logRooms.delete(name);
      void room.stop();
    }
  }

  private tick(): void {
    for (const peer of this.peers.values()) this.keepPace(peer);
    this.sendProviders();
    this.sendFacts();
    this.sendActions();
    this.sendRouting();
    const jobs = this.jobs.drain();
    if (jobs.length > 0) this.nsp?.to('jobs').emit('control_job', { jobs });
    for (const room of this.logRooms.values()) room.flush();
  }

  /** The list is whole each time, so within one tick one stands for all: a thousand hosts added are not a thousand lists. */
  private sendProviders(): void {
    if (!this.hasNewProviders) return;
    const providers = this.providers.list();
    if (providers === null) return;
    this.hasNewProviders = false;
    this.nsp?.to(EVERYBODY).emit('control_fleet', { type: 'providers', providers });
  }

  private sendMarks(): void {
    const { current } = this.marks;
    if (current !== null) this.nsp?.to(EVERYBODY).emit('control_marks', current);
  }

  private sendActions(): void {
    const actions = this.actions.drain();
    if (actions !== null) this.nsp?.to(EVERYBODY).emit('control_actions', actions);
    const leases = this.leases.drain();
    if (leases !== null) this.nsp?.to(EVERYBODY).emit('control_leases', leases);
  }

  /** Only while somebody looks is it gathered. */
  private watchRouting(): void {
    this.routing.watch([...this.peers.values()].some(({ rooms }) => rooms?.has('routing') === true));
  }

  private sendRouting(): void {
    const { state, ended } = this.routing.drain();
    if (ended !== null) this.nsp?.to('routing').emit('control_dispatches', ended);
    if (state !== null) this.nsp?.to('routing').emit('control_routing', state);
  }

  private sendFacts(): void {
    const { nsp, epoch } = this;
    for (const [room, facts] of this.coalescer.drain()) {
      if (room === 'fleet') nsp?.to(room).emit('control_fleet', { type: 'facts', epoch, facts });
      else nsp?.to(room).emit(room === 'perf' ? 'control_perf' : 'control_activity', { epoch, facts });
    }
    const rows = this.madeRows.drain();
    if (rows.length > 0) nsp?.to('activity').emit('control_activity', { epoch, facts: [], rows });
  }

  /** A browser that reads too slowly is told nothing until it has read all, then gets a fresh snapshot. */
  private keepPace(peer: Peer): void {
    const pace = nextPace(peer.pace, peer.backlog());
    if (pace === peer.pace) return;
    peer.pace = pace;
    if (pace === 'lagging') {
      lagged.inc();
      this.log.info(
        { socket: peer.id },
        'a browser reads too slowly; it gets a fresh snapshot when it has caught up',
      );
      this.leaveRooms(peer);
      this.closeEmptyLogRooms();
    } else this.synchronise(peer);
  }
}
