import {
  backoffDelayMs,
  CONFIG,
  LOG,
  openDatabase,
  pause,
  RpcError,
  type DatabaseConfig,
  type DatabaseOptions,
  type Log,
} from '@boocontrol/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';

export type Migrations = DatabaseOptions['migrations'];
/** Injection token of the migrations of the schema `gateway`, each of the feature whose table it is. */
export const MIGRATIONS = Symbol('MIGRATIONS');

/** The gateway's own schema. The gateway serves the fleet without it, so it is opened beside, for as long as it takes. */
@Injectable()
export class GatewayDatabase implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private source: DataSource | null = null;
  private problem = 'it is being opened';
  private resolveOpened: () => void = () => undefined;

  /** Resolves when it can be used; it may take for ever. */
  readonly opened = new Promise<void>((resolve) => (this.resolveOpened = resolve));

  constructor(
    @Inject(CONFIG) private readonly config: DatabaseConfig,
    @Inject(LOG) private readonly log: Log,
    @Inject(MIGRATIONS) private readonly migrations: Migrations,
  ) {}

  onApplicationBootstrap(): void {
    void this.open();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.source?.destroy();
  }

  /** @throws {RpcError} `unavailable` while it is not open yet */
  get db(): DataSource {
    if (this.source === null)
      throw new RpcError('unavailable', `The database cannot be used yet: ${this.problem}`);
    return this.source;
  }

  /** @throws why it cannot be used */
  async check(): Promise<void> {
    await this.db.query('SELECT 1');
  }

  private async open(): Promise<void> {
    const { log, migrations } = this;
    const { signal } = this.stopping;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const source = await openDatabase({
          url: this.config.DATABASE_URL,
          log,
          schema: 'gateway',
          migrations,
          applicationName: 'gateway',
          poolSize: 4,
        });
        if (signal.aborted) await source.destroy();
        else this.source = source;
        this.resolveOpened();
        return;
      } catch (error) {
        this.problem = error instanceof Error ? error.message : String(error);
        log.error({ err: error }, 'the database cannot be opened, trying again');
        await pause(backoffDelayMs(attempt, { baseMs: 500, maxMs: 15_000 }, Math.random()), signal);
      }
    }
  }
}
