import { randomBytes } from 'node:crypto';
import { BUCKET, BUCKETS, type Provider } from '@boocontrol/contracts';
import { KvLease, pause } from '@boocontrol/platform';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { Connector, type ConnectorParts } from '../host/connector.js';
import { metrics } from '../metrics.js';
import { Wake } from '../wake.js';
import { ReconnectCommand } from './reconnect-command.js';
import { ANY_MEMBER, EVERYTHING, memberKey, ownersOf, shareOf } from './share.js';

const LOOK_EVERY_MS = 1_000;
/** Between two looks at least: each reads all keys, and hosts that are added one after the other must not cause one each. */
const LOOK_PAUSE_MS = 100;
/** Hosts that begin side by side; each asks the bus a dozen questions. */
const CLAIMS_AT_ONCE = 32;
const BUCKET_DEF = BUCKETS.find(({ name }) => name === BUCKET.ingestOwners);

interface Held {
  lease: KvLease;
  connector: Connector;
  command: ReconnectCommand;
}

/** This process's part of the fleet: a lease and a connector for each host in it. */
export class FleetPart {
  private wanted: ReadonlyMap<string, Provider> = new Map();
  private readonly held = new Map<string, Held>();
  private readonly stopping = new AbortController();
  private readonly wake = new Wake();
  private readonly order = new Map<string, number>();
  private member: KvLease | null = null;
  private running: Promise<void> | undefined;

  /** Unique to this run: a process that was killed and started again under its old name does not hold its old leases. */
  private readonly holder: string;

  constructor(
    instance: string,
    private readonly parts: ConnectorParts,
  ) {
    this.holder = `${instance}-${randomBytes(4).toString('hex')}`;
  }

  start(): void {
    this.running = this.run();
  }

  want(hosts: ReadonlyMap<string, Provider>): void {
    this.wanted = new Map(hosts);
    this.wake.raise();
  }

  /** State of each host held, by id. */
  get states(): ReadonlyMap<string, string> {
    return new Map([...this.held].map(([id, { connector }]) => [id, connector.state]));
  }

  get wantedCount(): number {
    return this.wanted.size;
  }

  busBack(): void {
    for (const { connector } of this.held.values()) connector.busBack();
    this.wake.raise();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all([...this.held.keys()].map((id) => this.letGo(id)));
    await this.member?.release();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.look();
      } catch (error) {
        this.parts.log.warn({ err: error }, 'the leases cannot be looked at now');
        await this.parts.prepareBus().catch(() => undefined); // The next look says what is wrong.
      }
      const states = [...this.states.values()];
      metrics.held.set(states.length);
      metrics.connected.set(states.filter((state) => state === 'connected').length);
      await pause(LOOK_PAUSE_MS, signal);
      await this.wake.wait(LOOK_EVERY_MS, signal);
    }
  }

  private async look(): Promise<void> {
    await this.beMember();
    for (const [id, { connector }] of this.held) {
      const provider = this.wanted.get(id);
      if (provider === undefined) await this.letGo(id);
      else if (isOtherHost(connector.provider, provider)) await this.restart(id, provider);
    }
    const ids = [...this.wanted.keys()].sort();
    const isAllMine = ids.every((id) => this.held.has(id));
    const owners = await this.owners(isAllMine ? ANY_MEMBER : EVERYTHING);
    const share = shareOf(ids, new Set(this.held.keys()), owners, (id) => this.orderOf(id));
    await Promise.all(share.release.map((id) => this.letGo(id)));
    const claims = share.claim.values();
    const claimInTurn = async (): Promise<void> => {
      for (const id of claims) await this.claim(id);
    };
    await Promise.all(Array.from({ length: CLAIMS_AT_ONCE }, claimInTurn));
  }

  private async beMember(): Promise<void> {
    this.member ??= this.lease(memberKey(this.holder), () => this.wake.raise());
    if (!this.member.isHeld) await this.member.tryAcquire();
  }

  /** @param filter who holds a host matters only while one of them is not ours */
  private async owners(filter: string): Promise<ReturnType<typeof ownersOf>> {
    const kv = await new Kvm(this.nc).open(BUCKET.ingestOwners, { allow_direct: false });
    const keys: string[] = [];
    for await (const key of await kv.keys(filter)) keys.push(key);
    return ownersOf(keys);
  }

  private async claim(id: string): Promise<void> {
    const lease = this.lease(id, (reason) => void this.lost(id, reason));
    if (!(await lease.tryAcquire())) return;
    const provider = this.wanted.get(id);
    if (provider === undefined || this.stopping.signal.aborted) return lease.release();
    const connector = new Connector(provider, this.parts);
    const command = new ReconnectCommand(
      this.nc,
      id,
      () => this.held.get(id)?.connector.reconnect() ?? false,
    );
    this.held.set(id, { lease, connector, command });
    this.parts.log.info({ provider: id }, 'holding a host');
    connector.start();
  }

  private async restart(id: string, provider: Provider): Promise<void> {
    const held = this.held.get(id);
    if (held === undefined) return;
    await held.connector.stop();
    // The lease may have been lost meanwhile.
    if (this.held.get(id) !== held) return;
    const connector = new Connector(provider, this.parts);
    this.held.set(id, { ...held, connector });
    connector.start();
  }

  private async letGo(id: string): Promise<void> {
    const held = this.held.get(id);
    if (held === undefined) return;
    held.command.close();
    await held.connector.stop();
    this.held.delete(id);
    await held.lease.release();
    this.parts.log.info({ provider: id }, 'let go of a host');
  }

  private async lost(id: string, reason: string): Promise<void> {
    const held = this.held.get(id);
    if (held === undefined) return;
    this.held.delete(id);
    held.command.close();
    this.parts.log.warn({ provider: id, reason }, 'lost a host');
    await held.connector.drop();
    this.wake.raise();
  }

  private lease(key: string, onLost: (reason: string) => void): KvLease {
    const ttlMs = BUCKET_DEF?.ttlMs ?? 8_000;
    return new KvLease({
      nc: this.nc,
      bucket: BUCKET.ingestOwners,
      key,
      holder: this.holder,
      ttlMs,
      onLost,
    });
  }

  private orderOf(id: string): number {
    const known = this.order.get(id) ?? Math.random();
    this.order.set(id, known);
    return known;
  }

  private get nc(): NatsConnection {
    return this.parts.nc;
  }
}

/** Whether the connector has to begin again: a new label or tag changes nothing for it. */
function isOtherHost(a: Provider, b: Provider): boolean {
  return a.baseUrl !== b.baseUrl || a.enabled !== b.enabled || a.apiKeyEnv !== b.apiKeyEnv;
}
