import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { launch, startFailed, StartError } from './launch.js';
import type { LaunchedServer, LaunchSpec } from './launch.js';
import { withLock } from './lock.js';
import { isPortFree, pickPort } from './ports.js';
import { stopProcess } from './proc.js';
import type { ProcessId, StopStep } from './proc.js';
import { clearState, reclaim, saveState } from './server-state.js';

export interface ManagedServer {
  readonly port: number;
  /** The running process, or the last one when it does not run. */
  readonly pid: number;
  /** Asks it to stop and waits; does nothing when it is stopped. */
  stop(): Promise<void>;
  /** Kills it as a power cut would and waits until it is gone. */
  kill9(): Promise<void>;
  /** Stops it when it runs, and starts it again on the same port and data. Throws RuntimeError. */
  restart(): Promise<void>;
  /** Called each time the server ends without having been asked to by `stop`, `kill9` or `restart`. */
  onUnexpectedEnd(listener: () => void): void;
}

export interface ServerSetup {
  /** Folder of its data and of what we keep beside them; must exist. */
  dir: string;
  /** Text in the command line of this folder's server and of no other process. */
  marker: string;
  preferredPort: number;
  stopSteps: readonly StopStep[];
  /** Called before each start, when no server runs on the folder. */
  beforeStart?: () => Promise<void>;
  /** Called before each attempt, with the port to serve. */
  prepare: (port: number) => Promise<LaunchSpec>;
}

const PORT_TRIES = 5;
const MEMORY_WAIT_MS = 15_000;

/** Starts a server on `setup.dir` and keeps it in hand. Throws RuntimeError. */
export async function manage(setup: ServerSetup): Promise<ManagedServer> {
  const listeners: (() => void)[] = [];
  let port = setup.preferredPort;
  let expectedEnd = false;
  let current: LaunchedServer;

  const start = async (fixedPort: number | undefined): Promise<void> => {
    await withLock(join(setup.dir, 'start.lock'), 60_000, async () => {
      await reclaim(setup.dir, setup.marker, setup.stopSteps);
      await setup.beforeStart?.();
      for (let attempt = 1; ; attempt += 1) {
        port = fixedPort ?? (await pickPort(port));
        if (fixedPort !== undefined) await untilFree(fixedPort);
        const spec = await setup.prepare(port);
        try {
          current = await launchWithPatience(spec, (id) => saveState(setup.dir, id, port));
          break;
        } catch (error) {
          const retry =
            error instanceof StartError && error.failure === 'port_taken' && fixedPort === undefined;
          if (!retry || attempt === PORT_TRIES) throw startFailed(error, spec.name, spec.logFile);
        }
      }
    });
    expectedEnd = false;
    void current.ended.then(() => {
      if (!expectedEnd) for (const listener of listeners) listener();
    });
  };

  const stop = async (): Promise<void> => {
    expectedEnd = true;
    await stopProcess(current.id, setup.stopSteps);
    await clearState(setup.dir);
  };

  await start(undefined);
  return {
    get port() {
      return port;
    },
    get pid() {
      return current.id.pid;
    },
    stop,
    async kill9() {
      expectedEnd = true;
      await stopProcess(current.id, [{ signal: 'SIGKILL', waitMs: 10_000 }]);
    },
    async restart() {
      await stop();
      await start(port);
    },
    onUnexpectedEnd: (listener) => void listeners.push(listener),
  };
}

/** After a kill -9 of PostgreSQL its children need a moment to notice, and hold its memory until then. */
async function launchWithPatience(
  spec: LaunchSpec,
  onSpawned: (id: ProcessId) => Promise<void>,
): Promise<LaunchedServer> {
  const deadline = Date.now() + MEMORY_WAIT_MS;
  for (;;) {
    try {
      return await launch(spec, onSpawned);
    } catch (error) {
      const retry = error instanceof StartError && error.failure === 'memory_in_use' && Date.now() < deadline;
      if (!retry) throw error;
      await delay(100);
    }
  }
}

async function untilFree(port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await isPortFree(port)) && Date.now() < deadline) await delay(50);
}
