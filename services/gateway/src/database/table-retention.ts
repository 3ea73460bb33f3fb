import { CONFIG, LOG, Rounds, type Log } from '@boocontrol/platform';
import type { BeforeApplicationShutdown, FactoryProvider, OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { GatewayConfig } from '../config.js';
import { GatewayDatabase } from './gateway-database.js';

const EVERY_MS = 3_600_000;
const RETRY_AFTER_MS = 60_000;

/** Hypertables of the gateway that tell of requests; their rows have an `id` and an `at`. */
type Table = 'gateway.dispatches' | 'gateway.prefix_drifts' | 'gateway.direct_prompts';

/** Removes what is too old from a table, once the database is there and then every hour. */
class TableRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: Rounds;

  constructor(
    private readonly table: Table,
    private readonly database: GatewayDatabase,
    private readonly config: GatewayConfig,
    log: Log,
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
    while (!signal.aborted && (await removeOld(this.database.db, this.table, days)) > 0);
  }
}

/** A provider that keeps a table as short as the configuration says. */
export const tableRetention = (table: Table): FactoryProvider<TableRetention> => ({
  provide: Symbol(`retention of ${table}`),
  useFactory: (database: GatewayDatabase, config: GatewayConfig, log: Log) =>
    new TableRetention(table, database, config, log),
  inject: [GatewayDatabase, CONFIG, LOG],
});

/** Whole chunks first, which costs nothing; resolves to the rows that were deleted one by one, at most 5000. */
export async function removeOld(db: DataSource, table: Table, days: number): Promise<number> {
  await db.transaction(async (tx) => {
    // Whoever reads a chunk for long must not make everybody else wait behind this lock.
    await tx.query(`SET LOCAL lock_timeout = '5s'`);
    await tx.query(`SELECT drop_chunks('${table}', older_than => now() - make_interval(days => $1))`, [days]);
  });
  const [, removed] = await db.query<[unknown, number]>(
    `DELETE FROM ${table} WHERE (id, at) IN (
       SELECT id, at FROM ${table} WHERE at < now() - make_interval(days => $1) ORDER BY at LIMIT 5000)`,
    [days],
  );
  return removed;
}
