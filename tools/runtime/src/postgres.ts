import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeOpenFolder } from './ensure.js';
import { errnoOf, fromSystemError } from './errors.js';
import { manage } from './managed-server.js';
import type { ManagedServer } from './managed-server.js';
import type { StartOptions } from './nats.js';
import { ensureCluster } from './postgres-init.js';
import { BASE_SETTINGS, isPostmasterReady, postgresArguments } from './postgres-settings.js';
import { commandLine, identify, stopProcess } from './proc.js';
import type { StopStep } from './proc.js';
import { storedSecret } from './secret.js';
import { serviceUser } from './service-user.js';

export interface StartPostgresOptions extends StartOptions {
  /** More settings as `name=value`, such as `fsync=off` for a test. */
  settings?: readonly string[];
}

export interface PostgresServer extends ManagedServer {
  /** Of the database `boocontrol`, with user and password. */
  readonly url: string;
}

const SUPERUSER = 'boocontrol';
const DATABASE = 'boocontrol';
/** Fast shutdown (open transactions are rolled back), then immediate (recovered at the next start). */
const STOP: readonly StopStep[] = [
  { signal: 'SIGINT', waitMs: 20_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];

/**
 * PostgreSQL 17 with TimescaleDB on loopback, its data in `dir`, with a database `boocontrol`. It stops with this process,
 * however that ends. As root it runs as an unprivileged user (see serviceUser).
 * Throws RuntimeError: already_running, data_version, port_taken, disk_full, permission, start_failed.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  const { paths, port = 5432, settings = [] } = options;
  const dir = resolve(options.dir);
  const dataDir = join(dir, 'pgdata');
  try {
    const user = await serviceUser();
    await makeOpenFolder(dir);
    const password = await storedSecret(join(dir, 'password'));
    const server = await manage({
      dir,
      marker: dataDir,
      preferredPort: port,
      stopSteps: STOP,
      prepare: async (actualPort) => ({
        name: 'PostgreSQL',
        command: join(paths.postgresBin, 'postgres'),
        args: postgresArguments({ port: actualPort, dataDir, extra: settings }),
        user,
        logFile: join(dir, 'postgres.log'),
        stopSteps: STOP,
        startTimeoutMs: 120_000,
        isReady: async (pid) => isPostmasterReady(await readPidFile(dataDir), pid),
      }),
      beforeStart: async () => {
        await ensureCluster({
          postgresBin: paths.postgresBin,
          dataDir,
          superuser: SUPERUSER,
          password,
          database: DATABASE,
          user,
          settings: BASE_SETTINGS,
        });
        await clearPidFile(dataDir);
      },
    });
    return Object.assign(server, {
      url: `postgres://${SUPERUSER}:${password}@127.0.0.1:${server.port}/${DATABASE}`,
    });
  } catch (error) {
    throw fromSystemError(error, 'starting PostgreSQL');
  }
}

/**
 * PostgreSQL refuses to start while the process named in postmaster.pid lives, and after a reboot that number may belong
 * to something else: a file whose process is not a server of this folder is removed. One that is has lost its owner.
 */
async function clearPidFile(dataDir: string): Promise<void> {
  const pid = Number.parseInt(await readPidFile(dataDir), 10);
  if (Number.isNaN(pid)) return;
  const server = identify(pid);
  if (server !== undefined && commandLine(pid).includes(dataDir)) {
    await stopProcess(server, STOP);
    return;
  }
  await rm(join(dataDir, 'postmaster.pid'), { force: true });
}

async function readPidFile(dataDir: string): Promise<string> {
  try {
    return await readFile(join(dataDir, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  }
}
