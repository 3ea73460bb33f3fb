import { backoffDelayMs, pause } from '../backoff.js';
import type { Log } from '../logs/logger.js';

/** relation or schema does not exist */
const MISSING: ReadonlySet<unknown> = new Set(['42P01', '3F000']);

/** After this long without a missing table the next one is a new story. */
const FORGET_MS = 60_000;

/** True when a query failed because a table of this schema, or the schema, is not there. */
export function lacksTables(error: unknown, schema: string): boolean {
  if (!(error instanceof Error) || !('code' in error) || !MISSING.has(error.code)) return false;
  return new RegExp(`\\b${schema}\\b`).test(error.message);
}

/**
 * Makes the tables again when the database was emptied, or replaced by an empty one, while the service runs. Who uses
 * them waits meanwhile as for a database that is away (`isTransientDbError`).
 */
export class Remigration {
  private isUnderWay = false;
  private attempts = 0;
  private lastMs = -Infinity;

  constructor(
    private readonly database: { schema: string; log: Log },
    private readonly migrate: () => Promise<void>,
  ) {}

  /** To be told of each query that failed. */
  readonly see = (error: unknown): void => {
    if (this.isUnderWay || !lacksTables(error, this.database.schema)) return;
    this.isUnderWay = true;
    void this.run(error).finally(() => (this.isUnderWay = false));
  };

  private async run(error: unknown): Promise<void> {
    const { log, schema } = this.database;
    log.warn({ err: error, schema }, 'tables are missing, making them again');
    if (performance.now() - this.lastMs > FORGET_MS) this.attempts = 0;
    this.lastMs = performance.now();
    try {
      await this.migrate();
    } catch (failure) {
      log.warn({ err: failure, schema }, 'the tables could not be made');
    }
    // A table that the migrations do not bring back must not keep them running.
    await pause(backoffDelayMs(this.attempts++, { baseMs: 500, maxMs: 15_000 }, Math.random()));
  }
}
