import type { KvLease } from '@boocontrol/client';
import type { Provider } from '@boocontrol/contracts';
import {
  BUS,
  HealthRegistry,
  JetStreamSetup,
  LOG,
  onReconnect,
  pause,
  ProviderDirectory,
  type CheckResult,
  type Log,
} from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Connector } from '../follow/connector.js';
import { metrics } from '../metrics.js';
import { Wake } from '../wake.js';
import { ConnectorFactory } from './connector-factory.js';
import { OwnerLeases } from './owner-leases.js';
import { ReconnectCommand } from './reconnect-command.js';
import { ANY_MEMBER, EVERYTHING, shareOf } from './share.js';

const RECONCILE_EVERY_MS = 1_000;
/** Between two reconciles at least: each reads all keys, and hosts that are added one after the other must not cause one each. */
const RECONCILE_PAUSE_MS = 100;
/** Hosts that begin side by side; each asks the bus a dozen questions. */
const CLAIMS_AT_ONCE = 32;

interface Held {
  lease: KvLease;
  connector: Connector;
  command: ReconnectCommand;
}

/** This process's part of the fleet: a lease and a connector for each host in it. */
@Injectable()
export class OwnedHosts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly held = new Map<string, Held>();
  private readonly stopping = new AbortController();
  private readonly wake = new Wake();
  private readonly order = new Map<string, number>();
  private running: Promise<void> | undefined;

  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) private readonly setup: JetStreamSetup,
    @Inject(HealthRegistry) private readonly health: HealthRegistry,
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(OwnerLeases) private readonly leases: OwnerLeases,
    @Inject(ConnectorFactory) private readonly connectors: ConnectorFactory,
  ) {}

  onApplicationBootstrap(): void {
    this.health.register('connectors', () => this.check());
    const stopListening = [
      this.directory.onChange(() => this.wake.raise()),
      onReconnect(this.nc, () => void this.onBusReconnect()),
    ];
    this.running = this.run().finally(() => stopListening.forEach((stop) => stop()));
  }

  /** Releases every host while the bus is still there. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all([...this.held.keys()].map((id) => this.release(id)));
    await this.leases.leave();
  }

  private async onBusReconnect(): Promise<void> {
    await this.ensureStreams();
    for (const { connector } of this.held.values()) connector.onBusReconnect();
    this.wake.raise();
  }

  /** Those in memory are gone after a restart of the bus. */
  private async ensureStreams(): Promise<void> {
    try {
      await this.setup.ensure();
    } catch (error) {
      this.log.warn({ err: error }, 'the streams cannot be made yet');
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.reconcile();
      } catch (error) {
        this.log.warn({ err: error }, 'the leases cannot be read now');
        await this.ensureStreams();
      }
      metrics.held.set(this.held.size);
      metrics.connected.set(this.connectedCount);
      await pause(RECONCILE_PAUSE_MS, signal);
      await this.wake.wait(RECONCILE_EVERY_MS, signal);
    }
  }

  private async reconcile(): Promise<void> {
    await this.leases.join(() => this.wake.raise());
    const wanted = this.hosts();
    if (wanted === null) return;
    for (const [id, { connector }] of this.held) {
      const provider = wanted.get(id);
      if (provider === undefined) await this.release(id);
      else if (isOtherHost(connector.provider, provider)) await this.restart(id, provider);
    }
    const ids = [...wanted.keys()].sort();
    const isAllMine = ids.every((id) => this.held.has(id));
    const owners = await this.leases.owners(isAllMine ? ANY_MEMBER : EVERYTHING);
    const share = shareOf(ids, new Set(this.held.keys()), owners, (id) => this.orderOf(id));
    await Promise.all(share.release.map((id) => this.release(id)));
    const claims = share.claim.values();
    const claimInTurn = async (): Promise<void> => {
      for (const id of claims) await this.claim(id);
    };
    await Promise.all(Array.from({ length: CLAIMS_AT_ONCE }, claimInTurn));
  }

  private async claim(id: string): Promise<void> {
    const lease = this.leases.lease(id, (reason) => void this.onLeaseLost(id, reason));
    if (!(await lease.tryAcquire())) return;
    const provider = this.hosts()?.get(id);
    if (provider === undefined || this.stopping.signal.aborted) return lease.release();
    const connector = this.connectors.create(provider);
    const command = new ReconnectCommand(
      this.nc,
      id,
      () => this.held.get(id)?.connector.reconnect() ?? false,
    );
    this.held.set(id, { lease, connector, command });
    this.log.info({ provider: id }, 'holding a host');
    connector.start();
  }

  private async restart(id: string, provider: Provider): Promise<void> {
    const held = this.held.get(id);
    if (held === undefined) return;
    await held.connector.stop();
    // The lease may have been lost meanwhile.
    if (this.held.get(id) !== held) return;
    const connector = this.connectors.create(provider);
    this.held.set(id, { ...held, connector });
    connector.start();
  }

  private async release(id: string): Promise<void> {
    const held = this.held.get(id);
    if (held === undefined) return;
    held.command.close();
    await held.connector.stop();
    this.held.delete(id);
    await held.lease.release();
    this.log.info({ provider: id }, 'released a host');
  }

  private async onLeaseLost(id: string, reason: string): Promise<void> {
    const held = this.held.get(id);
    if (held === undefined) return;
    this.held.delete(id);
    held.command.close();
    this.log.warn({ provider: id, reason }, 'lost a host');
    await held.connector.drop();
    this.wake.raise();
  }

  /** A host that is down is the host's trouble and not ours: it is told, and the service is well. */
  private check(): CheckResult {
    const inFleet = this.hosts()?.size ?? 0;
    const detail = `${this.connectedCount} of ${this.held.size} held hosts connected, ${inFleet} in the fleet`;
    return { status: 'up', detail };
  }

  /** The registry by id; null until it has been read. */
  private hosts(): ReadonlyMap<string, Provider> | null {
    const hosts = this.directory.providers;
    return hosts === null ? null : new Map(hosts.map((host) => [host.id, host]));
  }

  private get connectedCount(): number {
    return [...this.held.values()].filter(({ connector }) => connector.state === 'connected').length;
  }

  private orderOf(id: string): number {
    const known = this.order.get(id) ?? Math.random();
    this.order.set(id, known);
    return known;
  }
}

/** Whether the connector has to begin again: a new label or tag changes nothing for it. */
function isOtherHost(a: Provider, b: Provider): boolean {
  return (
    a.kind !== b.kind || a.baseUrl !== b.baseUrl || a.enabled !== b.enabled || a.apiKeyEnv !== b.apiKeyEnv
  );
}
