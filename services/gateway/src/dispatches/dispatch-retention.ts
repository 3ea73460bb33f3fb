import { CONFIG, LOG, Rounds, type Log } from '@boocontrol/platform';
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
  private readonly rounds: Rounds;

  constructor(
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOG) log: Log,
  ) {
    this.rounds = new Rounds({
      log,
      trouble: 'old records of requests could not be removed, trying again',
      everyMs: EVERY_MS,
      againMs: RETRY_AFTER_MS,
      round: (signal) => this.remove(signal),
    });
  }

  onApplicationBootstrap(): void {
    void this.database.opened.then(() => this.rounds.start());
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.stop();
  }

  private async remove(signal: AbortSignal): Promise<void> {
    const { DISPATCH_RETENTION_DAYS: days } = this.config;
    while (!signal.aborted && (await removeOldDispatches(this.database.db, days)) > 0);
  }
}
