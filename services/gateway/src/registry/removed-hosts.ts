import { LOG, type Log } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { GatewayDatabase } from '../database/gateway-database.js';

/** Which declared hosts were removed in the browser, where a wiped bus does not take it along. */
@Injectable()
export class RemovedHosts {
  constructor(
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * What the removed host was declared as; null when it was not removed. Waits for the database to be open.
   * @throws what the database answers
   */
  async seedHash(id: string): Promise<string | null> {
    await this.database.opened;
    const rows: { seed_hash: string }[] = await this.database.db.query(
      `SELECT seed_hash FROM gateway.removed_hosts WHERE provider_id = $1`,
      [id],
    );
    return rows[0]?.seed_hash ?? null;
  }

  /** The registry's own mark counts too, so without a database the host is removed all the same; the next seeding adds it. */
  async remember(id: string, seedHash: string): Promise<void> {
    await this.attempt(
      id,
      `INSERT INTO gateway.removed_hosts (provider_id, seed_hash) VALUES ($1, $2)
       ON CONFLICT (provider_id) DO UPDATE SET seed_hash = excluded.seed_hash, removed_at = now()
       WHERE removed_hosts.seed_hash <> excluded.seed_hash`,
      [id, seedHash],
    );
  }

  /** The host is there again. */
  async forget(id: string): Promise<void> {
    await this.attempt(id, `DELETE FROM gateway.removed_hosts WHERE provider_id = $1`, [id]);
  }

  private async attempt(id: string, sql: string, values: unknown[]): Promise<void> {
    try {
      await this.database.db.query(sql, values);
    } catch (error) {
      this.log.warn({ err: error, provider: id }, 'the mark of a removed host could not be kept');
    }
  }
}
