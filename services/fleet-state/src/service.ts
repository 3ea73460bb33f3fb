import {
  createDataSource,
  createLogger,
  runMigrations,
  waitForDatabase,
  type DatabaseOptions,
  type RunningService,
  type startService,
} from '@boocontrol/platform';
import type { FleetStateConfig } from './config.js';
import { FleetStateModule } from './fleet-state.module.js';
import { migrations } from './migrations.js';
import { SERVICE, startWork } from './work.js';

/**
 * Waits for bus and database, migrates, answers queries, then starts to work.
 * @param start bootstrap() for a process of its own, startService() inside another
 */
export async function startFleetState(
  config: FleetStateConfig,
  start: typeof startService,
): Promise<RunningService<FleetStateConfig>> {
  const log = createLogger(SERVICE, { level: config.LOG_LEVEL, instance: config.SERVICE_INSTANCE });
  const database: DatabaseOptions = {
    url: config.DATABASE_URL,
    schema: 'fleet',
    migrations,
    log,
    applicationName: `${SERVICE}-${config.SERVICE_INSTANCE}`,
  };
  const source = createDataSource(database);
  const running = await start({
    name: SERVICE,
    config,
    microservice: true,
    module: FleetStateModule.of(source),
    onApp: async () => {
      await waitForDatabase({ url: config.DATABASE_URL, log });
      await runMigrations(database);
      await source.initialize();
    },
  });
  startWork(running.platform, source);
  return running;
}
