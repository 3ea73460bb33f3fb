import { subjects, type ControlMarks } from '@boocontrol/contracts';
import { BUS, LOG, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { GatewayDatabase } from '../database/gateway-database.js';
import { KeptCopy } from '../database/kept-copy.js';
import { listFavorites } from './favorites.repository.js';
import { listHidden } from './hidden.repository.js';

/** What people marked, favourites and what is hidden, as every browser is told it. The database has it. */
@Injectable()
export class Marks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly copy: KeptCopy;
  private known: ControlMarks | null = null;
  private listener: () => void = () => undefined;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) log: Log,
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
  ) {
    const read = (): Promise<void> => this.read();
    this.copy = new KeptCopy({ nc, log, database, subject: subjects.marksChanged, what: 'the marks', read });
  }

  onApplicationBootstrap(): void {
    this.copy.start();
  }

  beforeApplicationShutdown(): void {
    this.copy.stop();
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
  changed(): Promise<void> {
    return this.copy.changed();
  }

  private async read(): Promise<void> {
    const { db } = this.database;
    const [favorites, hidden] = await Promise.all([listFavorites(db), listHidden(db)]);
    const marks: ControlMarks = { favorites, hidden };
    if (JSON.stringify(marks) === JSON.stringify(this.known)) return;
    this.known = marks;
    this.listener();
  }
}
