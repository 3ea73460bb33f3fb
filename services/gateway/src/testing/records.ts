import { createLogger, JetStreamSetup, ProviderDirectory, type Log } from '@boocontrol/platform';
import { waitFor } from '@boocontrol/testing';
import { loadGatewayConfig } from '../config.js';
import { GatewayDatabase } from '../database/gateway-database.js';
import { DispatchPrefixes1763769600001 } from '../dispatches/dispatch-prefixes.migration.js';
import { Dispatches1763760000002 } from '../dispatches/dispatches.migration.js';
import { Keys } from '../keys/keys.js';
import { Keys1763760000001 } from '../keys/keys.migration.js';
import type { World } from './world.js';

export const ADMIN_TOKEN = 'sixteen-or-more-characters';
export const quiet = createLogger('gateway-test', { level: 'silent' });

/** The parts of a gateway that keep keys and records, in the process of the test. */
export interface RecordKeeping {
  database: GatewayDatabase;
  keys: Keys;
  rows: <T>(sql: string, params?: unknown[]) => Promise<T[]>;
  stop: () => Promise<void>;
}

/** @param host where the gateway would listen */
export async function recordKeeping(
  { bus, env }: Pick<World, 'bus' | 'env'>,
  host = '127.0.0.1',
  log: Log = quiet,
): Promise<RecordKeeping> {
  const config = loadGatewayConfig({ ...env, BOOCONTROL_HOST: host, BOOCONTROL_ADMIN_TOKEN: ADMIN_TOKEN });
  const database = new GatewayDatabase(config, log, [
    Keys1763760000001,
    Dispatches1763760000002,
    DispatchPrefixes1763769600001,
  ]);
  const directory = new ProviderDirectory(bus.nc, log, new JetStreamSetup(bus.nc));
  const keys = new Keys(bus.nc, log, config, database, directory);
  database.onApplicationBootstrap();
  directory.onApplicationBootstrap();
  keys.onApplicationBootstrap();
  await directory.ready;
  await database.opened;
  await waitFor(() => !isBlind(keys), { what: 'the keys to be read' });
  return {
    database,
    keys,
    rows: (sql, params = []) => database.db.query(sql, params),
    stop: async () => {
      keys.beforeApplicationShutdown();
      await directory.beforeApplicationShutdown();
      await database.onApplicationShutdown();
    },
  };
}

function isBlind({ doorkeeper }: Keys): boolean {
  const entry = doorkeeper.admit('Bearer x', Date.now());
  return !entry.ok && entry.status === 503;
}
