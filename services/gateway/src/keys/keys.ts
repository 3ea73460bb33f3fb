import { subjects } from '@boocontrol/contracts';
import { BUS, CONFIG, LOG, onReconnect, pause, ProviderDirectory, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { isLoopback, type GatewayConfig } from '../config.js';
import { GatewayDatabase } from '../database/gateway-database.js';
import { KeyDoorkeeper, type Usage } from './key-doorkeeper.js';
import { readKeptKeys } from './keys.repository.js';

const AGAIN_MS = 1_000;

/**
 * Keeps the doorkeeper's keys as the database has them. A word on the bus says to all gateways that they changed, and one
 * that may have missed that word reads again when it is back. While the database is away the keys stay as they were.
 */
@Injectable()
export class Keys implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly doorkeeper: KeyDoorkeeper;
  private readonly stopping = new AbortController();
  private readonly isNeeded: boolean;
  private reading: Promise<void> | null = null;
  private isStale = false;
  private isFirst = true;

  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(ProviderDirectory) directory: ProviderDirectory,
  ) {
    this.isNeeded = !isLoopback(config.BOOCONTROL_HOST);
    this.doorkeeper = new KeyDoorkeeper(this.isNeeded, (id) => directory.get(id)?.frontier === true);
  }

  onApplicationBootstrap(): void {
    this.nc.subscribe(subjects.keysChanged, { callback: () => void this.read() });
    onReconnect(this.nc, () => void this.read());
    void this.database.opened.then(() => this.read());
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** To be called after each change: this gateway knows it when this resolves, the others soon after. */
  async changed(): Promise<void> {
    if (!this.nc.isClosed()) this.nc.publish(subjects.keysChanged);
    await this.read();
  }

  /** What the table says that keys have used. */
  noteUsage(usages: readonly Usage[]): void {
    this.doorkeeper.noteUsage(usages);
  }

  /** What is asked for while it is read is read once more. */
  private read(): Promise<void> {
    this.isStale = true;
    this.reading ??= this.readUntilFresh().finally(() => (this.reading = null));
    return this.reading;
  }

  private async readUntilFresh(): Promise<void> {
    const { signal } = this.stopping;
    while (this.isStale && !signal.aborted) {
      this.isStale = false;
      try {
        const { keys, month } = await readKeptKeys(this.database.db);
        this.doorkeeper.load(keys, month, Date.now());
        if (this.isFirst) this.tellWhetherOpen(keys.length);
        this.isFirst = false;
      } catch (error) {
        this.isStale = true;
        this.log.warn({ err: error }, 'the API keys cannot be read, trying again');
        await pause(AGAIN_MS, signal);
      }
    }
  }

  private tellWhetherOpen(count: number): void {
    if (!this.isNeeded || count > 0) return;
    this.log.warn(
      `BOOCONTROL_HOST is ${this.config.BOOCONTROL_HOST}, so /v1 asks for a key, and there is none yet: nobody can use it. ` +
        `POST /api/keys makes one (docs/keys.md).`,
    );
  }
}
