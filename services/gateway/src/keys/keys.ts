import { subjects } from '@boocontrol/contracts';
import { isFrontier } from '@boocontrol/fleet-model';
import { BUS, CONFIG, LOG, ProviderDirectory, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { isLoopback, type GatewayConfig } from '../config.js';
import { GatewayDatabase } from '../database/gateway-database.js';
import { KeptCopy } from '../database/kept-copy.js';
import type { Grant } from '../inference/parts.js';
import { KeyDoorkeeper, type Usage } from './key-doorkeeper.js';
import { readKeptKeys } from './keys.repository.js';

/** Keeps the doorkeeper's keys as the database has them. */
@Injectable()
export class Keys implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly doorkeeper: KeyDoorkeeper;
  private readonly copy: KeptCopy;
  /** Whether nobody is let in without a key. */
  readonly isNeeded: boolean;
  private isFirst = true;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(ProviderDirectory) directory: ProviderDirectory,
  ) {
    this.isNeeded = !isLoopback(config.BOOCONTROL_HOST);
    const read = (): Promise<void> => this.read();
    this.copy = new KeptCopy({
      nc,
      log,
      database,
      subject: subjects.keysChanged,
      what: 'the API keys',
      read,
    });
    this.doorkeeper = new KeyDoorkeeper(this.isNeeded, (id) => {
      const provider = directory.get(id);
      return provider !== null && isFrontier(provider);
    });
  }

  onApplicationBootstrap(): void {
    this.copy.start();
  }

  beforeApplicationShutdown(): void {
    this.copy.stop();
  }

  /** To be called after each change: this gateway knows it when this resolves, the others soon after. */
  changed(): Promise<void> {
    return this.copy.changed();
  }

  /** What a key lets its holder use, whether or not it would be let in now; null: there is no such key. */
  grantOf(keyId: string): Grant | null {
    return this.doorkeeper.grantOf(keyId);
  }

  /** What the table says that keys have used. */
  noteUsage(usages: readonly Usage[]): void {
    this.doorkeeper.noteUsage(usages);
  }

  private async read(): Promise<void> {
    const { keys, month } = await readKeptKeys(this.database.db);
    this.doorkeeper.load(keys, month, Date.now());
    if (this.isFirst) this.tellWhetherOpen(keys.length);
    this.isFirst = false;
  }

  private tellWhetherOpen(count: number): void {
    if (!this.isNeeded || count > 0) return;
    this.log.warn(
      `BOOCONTROL_HOST is ${this.config.BOOCONTROL_HOST}, so /v1 asks for a key, and there is none yet: no program can use it. ` +
        `POST /api/keys makes one (docs/keys.md).`,
    );
  }
}
