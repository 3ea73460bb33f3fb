import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { openDatabase, type DatabaseOptions } from '../db/data-source.js';
import { HealthRegistry } from '../health/health.js';
import type { Log } from '../logs/logger.js';
import { CONFIG, LOG, SERVICE_NAME } from './tokens.js';

/** See DatabaseOptions; the URL and the application's name are the platform's. */
export type DatabaseModuleOptions = Pick<
  DatabaseOptions,
  'schema' | 'migrations' | 'poolSize' | 'statementTimeoutMs'
>;

/** Ends the pool after everything that writes has stopped. */
@Injectable()
class DatabaseLifecycle implements OnApplicationShutdown {
  constructor(
    @Inject(DataSource) private readonly source: DataSource,
    @Inject(HealthRegistry) health: HealthRegistry,
  ) {
    health.register('database', async () => {
      await source.query('SELECT 1');
      return { status: 'up' };
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.source.destroy();
  }
}

/**
 * The schema that a service owns: the app starts when the database is there and migrated, and TypeORM's DataSource can be
 * injected everywhere. The service's configuration must have DATABASE_URL (`databaseConfig`).
 */
@Module({})
export class DatabaseModule {
  /** @throws {DatabaseUnavailableError} when the app starts and the database does not come; what a migration throws */
  static forRoot(options: DatabaseModuleOptions): DynamicModule {
    const source = {
      provide: DataSource,
      inject: [CONFIG, LOG, SERVICE_NAME],
      useFactory: (config: DatabaseConfig, log: Log, name: string): Promise<DataSource> =>
        openDatabase({
          ...options,
          url: config.DATABASE_URL,
          log,
          applicationName: `${name}-${config.SERVICE_INSTANCE}`,
        }),
    };
    return {
      module: DatabaseModule,
      global: true,
      providers: [source, DatabaseLifecycle],
      exports: [DataSource],
    };
  }
}
