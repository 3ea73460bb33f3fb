import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeOpenFolder } from './ensure.js';
import type { RuntimePaths } from './ensure.js';
import { fromSystemError } from './errors.js';
import { manage } from './managed-server.js';
import type { ManagedServer } from './managed-server.js';
import { natsConfig } from './nats-config.js';
import { natsAnswers } from './nats-handshake.js';
import type { StopStep } from './proc.js';
import { storedSecret } from './secret.js';
import { giveTo, serviceUser } from './service-user.js';

export interface StartOptions {
  paths: RuntimePaths;
  /** Folder of the data, made when it is not there; all its parents must be searchable when we are root. */
  dir: string;
  /** Preferred port: another free one is taken when it is in use; 0 means any. Default: the usual one. */
  port?: number;
}

export interface NatsServer extends ManagedServer {
  /** With user and password. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

const USER = 'boocontrol';
const STOP: readonly StopStep[] = [
  { signal: 'SIGTERM', waitMs: 10_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];

/**
 * A NATS server with JetStream on loopback, its store in `dir`. It stops with this process, however that ends.
 * Throws RuntimeError: already_running, port_taken, disk_full, permission, start_failed.
 */
export async function startNats({ paths, dir, port = 4222 }: StartOptions): Promise<NatsServer> {
  try {
    const user = await serviceUser();
    const storeDir = join(dir, 'jetstream');
    const configFile = join(dir, 'nats.conf');
    await makeOpenFolder(dir);
    await mkdir(storeDir, { recursive: true, mode: 0o700 });
    await giveTo(user, storeDir);
    const password = await storedSecret(join(dir, 'password'));
    const server = await manage({
      dir,
      marker: configFile,
      preferredPort: port,
      stopSteps: STOP,
      prepare: async (actualPort) => {
        const config = natsConfig({ port: actualPort, storeDir, user: USER, password });
        await writeFile(`${configFile}.tmp`, config, { mode: 0o600 });
        await giveTo(user, `${configFile}.tmp`);
        await rename(`${configFile}.tmp`, configFile);
        return {
          name: 'NATS',
          command: paths.natsServer,
          args: ['-c', configFile],
          user,
          logFile: join(dir, 'nats.log'),
          stopSteps: STOP,
          startTimeoutMs: 60_000,
          isReady: () => natsAnswers('127.0.0.1', actualPort, { user: USER, password }),
        };
      },
    });
    return Object.assign(server, {
      url: `nats://${USER}:${password}@127.0.0.1:${server.port}`,
      user: USER,
      password,
    });
  } catch (error) {
    throw fromSystemError(error, 'starting NATS');
  }
}
