import { CONFIG, LOG, pause, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { GatewayConfig } from '../config.js';
import { GatewayDatabase } from '../database/gateway-database.js';
import { removeOldDispatches } from './dispatches.repository.js';

const EVERY_MS = 3_600_000;
const RETRY_AFTER_MS = 60_000;

/** Removes what is too old, once the database is there and then every hour. */
@Injectable()
export class DispatchRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.opened.then(() => (this.running = this.run()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      let waitMs = EVERY_MS;
      try {
        while (
          !signal.aborted &&
          (await removeOldDispatches(this.database.db, this.config.DISPATCH_RETENTION_DAYS)) > 0
        );
      } catch (error) {
        waitMs = RETRY_AFTER_MS;
        this.log.warn({ err: error }, 'old records of requests could not be removed, trying again');
      }
      await pause(waitMs, signal);
    }
  }
}
