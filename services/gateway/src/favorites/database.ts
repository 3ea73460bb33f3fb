import { backoffDelayMs, openDatabase, pause, RpcError, type DatabaseOptions } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { Favorites1763650100001 } from './favorites.migration.js';

/** The gateway's own schema. The gateway serves the fleet without it, so it is opened beside, for as long as it takes. */
export class GatewayDatabase {
  private readonly stopping = new AbortController();
  private opening: Promise<void> | undefined;
  private source: DataSource | null = null;
  private problem = 'it is being opened';

  constructor(private readonly options: Pick<DatabaseOptions, 'url' | 'log'>) {}

  start(): void {
    this.opening ??= this.open();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.source?.destroy();
  }

  /** Thrown: RpcError `unavailable` while it is not open yet. */
  get db(): DataSource {
    if (this.source === null)
      throw new RpcError('unavailable', `The database cannot be used yet: ${this.problem}`);
    return this.source;
  }

  /** Thrown: why it cannot be used. */
  async check(): Promise<void> {
    await this.db.query('SELECT 1');
  }

  private async open(): Promise<void> {
    const { url, log } = this.options;
    const { signal } = this.stopping;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const migrations = [Favorites1763650100001];
        const source = await openDatabase({
          url,
          log,
          schema: 'gateway',
          migrations,
          applicationName: 'gateway',
          poolSize: 4,
        });
        if (signal.aborted) await source.destroy();
        else this.source = source;
        return;
      } catch (error) {
        this.problem = error instanceof Error ? error.message : String(error);
        log.error({ err: error }, 'the database cannot be opened, trying again');
        await pause(backoffDelayMs(attempt, { baseMs: 500, maxMs: 15_000 }, Math.random()), signal);
      }
    }
  }
}
