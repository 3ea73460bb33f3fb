import { STREAM, subjects, type Fact, type FleetState } from '@boocontrol/contracts';
import { activityKey, emptyFleet } from '@boocontrol/fleet-model';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { JetStreamManager, JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { JetStreamSetup } from '../bus/jetstream-setup.js';
import type { BaseConfig } from '../config/config.js';
import { HealthRegistry } from '../health/health.js';
import { StreamFollower } from '../log/stream-follower.js';
import type { StreamSight } from '../log/stream-reader.js';
import type { Log } from '../logs/logger.js';
import { RpcClient } from '../rpc/client.js';
import { counter } from '../metrics/metrics.js';
import { BUS, CONFIG, LOG } from '../service/tokens.js';
import { toFact } from './fact-message.js';
import { foldInto } from './fold-into.js';
import { Listeners } from '../listeners/listeners.js';
import { rebuildFleet } from './rebuild.js';
import { askSeed, seedFleet } from './seed.js';

/** Before the first snapshot is served; about one second when nobody answers. */
const SEED_ATTEMPTS = 3;
const SEED_AGAIN_MS = 3_000;

const badFacts = counter('boo_fleet_bad_facts_total', 'Messages of the fleet log that are no facts');
const factsTaken = counter('boo_fleet_facts_total', 'Facts folded', ['kind']);

/** The fleet in memory: rebuilt from the log (and from the tables, where the log does not reach), then followed. */
@Injectable()
export class LiveFleet implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly follower: StreamFollower;
  private readonly factListeners = new Listeners<[Fact]>();
  private readonly rebuiltListeners = new Listeners<[]>();
  private fleet: FleetState = emptyFleet('');
  /** Requests that are in the fleet although the log has not stated them yet. */
  private counted: ReadonlySet<string> = new Set();
  private ready = false;
  private rebuilds = 0;
  private logProblem: string | null = 'the log has not been read yet';
  private seedProblem: string | null = null;
  private seedTimer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(RpcClient) private readonly rpc: RpcClient,
    @Inject(CONFIG) private readonly config: BaseConfig,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
    @Inject(HealthRegistry) health: HealthRegistry,
  ) {
    health.register('fleet', () =>
      this.trouble === null ? { status: 'up' } : { status: 'down', detail: this.trouble },
    );
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM.fleet,
      subjects: [subjects.allFacts],
      begin: (jsm, stream) => this.rebuild(jsm, stream),
      onMessage: (message) => this.take(message),
      onState: (up, why) => (this.logProblem = up ? null : why),
      onMissing: () => setup.ensure(),
    });
  }

  onApplicationBootstrap(): void {
    this.follower.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.seedTimer);
    await this.follower.stop();
  }

  /** Called with each fact after it was folded, in the order of the log. Returns what removes the listener. */
  onFact(listener: (fact: Fact) => void): () => void {
    return this.factListeners.add(listener);
  }

  /**
   * Called when the fleet was built anew or got what the tables had: whoever holds a snapshot needs another one.
   * Returns what removes the listener.
   */
  onRebuilt(listener: () => void): () => void {
    return this.rebuiltListeners.add(listener);
  }

  /** null until the first rebuild is done. A later rebuild leaves the old state in place until the new one is whole. */
  get state(): FleetState | null {
    return this.ready ? this.fleet : null;
  }

  /** What is wrong, in words; null when the log is followed and everything the tables had is in. */
  get trouble(): string | null {
    return this.logProblem ?? this.seedProblem;
  }

  private async rebuild(jsm: JetStreamManager, { created, lastSeq }: StreamSight): Promise<number> {
    // Sequences that another process of ours gave out need not compare with ours, so it is part of the epoch.
    const epoch = `${created}#${this.config.SERVICE_INSTANCE}.${this.rebuilds++}`;
    const rebuilt = await rebuildFleet(jsm, epoch, Date.now(), (message, reason) =>
      this.refuse(message, reason),
    );
    clearTimeout(this.seedTimer);
    this.fleet = rebuilt;
    this.counted = new Set();
    await this.seed(SEED_ATTEMPTS);
    this.ready = true;
    this.log.info(
      { epoch, lastSeq, hosts: Object.keys(this.fleet.hosts).length },
      'the fleet is rebuilt from the log',
    );
    this.rebuiltListeners.call();
    return lastSeq + 1;
  }

  private take(message: JsMsg): void {
    const parsed = toFact(message);
    if (!parsed.ok) return this.refuse(message, parsed.reason);
    const { fact } = parsed;
    // After a wiped bus ingest reads the hosts' rings again, and so states what the tables had already told us.
    if (fact.kind === 'request' && this.counted.has(activityKey(fact.body))) return;
    factsTaken.inc({ kind: fact.kind });
    foldInto(this.fleet, fact);
    this.factListeners.call(fact);
  }

  private refuse(message: JsMsg, reason: string): void {
    badFacts.inc();
    this.log.warn({ subject: message.subject, seq: message.seq, reason }, 'a message of the log is no fact');
  }

  /** Adds what the tables know and the log does not. Without an answer we go on, say so, and keep asking. */
  private async seed(attempts: number): Promise<boolean> {
    const { epoch } = this.fleet;
    try {
      const seed = await askSeed(this.rpc, attempts, this.stopping.signal);
      if (this.fleet.epoch !== epoch) return false;
      ({ fleet: this.fleet, counted: this.counted } = seedFleet(this.fleet, seed));
      this.seedProblem = null;
      return true;
    } catch (error) {
      if (this.stopping.signal.aborted) return false;
      const why = error instanceof Error ? error.message : String(error);
      this.seedProblem = `fleet-state has not told what it has stored (${why}), so what is older than the log may be missing`;
      this.seedTimer = setTimeout(() => void this.seedLater(), SEED_AGAIN_MS);
      return false;
    }
  }

  private async seedLater(): Promise<void> {
    if (await this.seed(1)) this.rebuiltListeners.call();
  }
}
