import { onReconnect, pause, type Log } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import type { GatewayDatabase } from './gateway-database.js';

const AGAIN_MS = 1_000;

export interface KeptCopyOptions {
  nc: NatsConnection;
  log: Log;
  database: GatewayDatabase;
  /** A word on it says to all gateways that the database has something new. */
  subject: string;
  /** What is kept, in words for the log: "the marks". */
  what: string;
  /** Takes what the database has now; what it throws is tried again. */
  read: () => Promise<void>;
}

/**
 * Keeps in memory what the database has, in every gateway: read when the database is there, when a gateway says that it
 * changed, and after the bus was away, because such a word may have been missed. While the database is away the copy stays.
 */
export class KeptCopy {
  private readonly stopping = new AbortController();
  private reading: Promise<void> | null = null;
  private isStale = false;

  constructor(private readonly options: KeptCopyOptions) {}

  start(): void {
    const { nc, subject, database } = this.options;
    nc.subscribe(subject, { callback: () => void this.read() });
    onReconnect(nc, () => void this.read());
    void database.opened.then(() => this.read());
  }

  stop(): void {
    this.stopping.abort();
  }

  /** To be called after each change: this gateway knows it when this resolves, the others soon after. */
  async changed(): Promise<void> {
    const { nc, subject } = this.options;
    if (!nc.isClosed()) nc.publish(subject);
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
    const { log, what, read } = this.options;
    while (this.isStale && !signal.aborted) {
      this.isStale = false;
      try {
        await read();
      } catch (error) {
        this.isStale = true;
        log.warn({ err: error }, `${what} cannot be read, trying again`);
        await pause(AGAIN_MS, signal);
      }
    }
  }
}
