import { isTransientDbError, RpcError } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';

/** The database as queries of others see it: when it is away they get `unavailable`, not an internal error. */
export class HistoryDb {
  constructor(private readonly source: DataSource) {}

  /** Thrown: RpcError `unavailable`; what PostgreSQL refuses. */
  async rows<T>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    try {
      return await this.source.query<T[]>(sql, [...params]);
    } catch (cause) {
      if (!isTransientDbError(cause)) throw cause;
      throw new RpcError('unavailable', 'The history database does not answer at the moment', undefined, {
        cause,
      });
    }
  }
}
