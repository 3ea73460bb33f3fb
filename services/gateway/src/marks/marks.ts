import { subjects, type ControlMarks } from '@boocontrol/contracts';
import { BUS, LOG, onReconnect, pause, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { GatewayDatabase } from '../database/gateway-database.js';
import { listFavorites } from './favorites.repository.js';
import { listHidden } from './hidden.repository.js';

const AGAIN_MS = 1_000;

/**
 * What people marked, favourites and what is hidden, as every browser is told it. The database has it; a word on the bus
 * says to all gateways that it changed, and one that may have missed that word reads again when it is back.
 */
@Injectable()
export class Marks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private known: ControlMarks | null = null;
  private reading: Promise<void> | null = null;
  private isStale = false;
  private listener: () => void = () => undefined;

  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
  ) {}

  onApplicationBootstrap(): void {
    this.nc.subscribe(subjects.marksChanged, { callback: () => void this.read() });
    onReconnect(this.nc, () => void this.read());
    void this.database.opened.then(() => this.read());
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** null until the database was read. */
  get current(): ControlMarks | null {
    return this.known;
  }

  /** The one who tells the browsers. */
  onChange(listener: () => void): void {
    this.listener = listener;
  }

  /** To be called after each change: this gateway knows it when this resolves, the others soon after. */
  async changed(): Promise<void> {
    if (!this.nc.isClosed()) this.nc.publish(subjects.marksChanged);
    await this.read();
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
        const { db } = this.database;
        const [favorites, hidden] = await Promise.all([listFavorites(db), listHidden(db)]);
        const marks: ControlMarks = { favorites, hidden };
        if (JSON.stringify(marks) === JSON.stringify(this.known)) continue;
        this.known = marks;
        this.listener();
      } catch (error) {
        this.isStale = true;
        this.log.warn({ err: error }, 'the marks cannot be read, trying again');
        await pause(AGAIN_MS, signal);
      }
    }
  }
}
