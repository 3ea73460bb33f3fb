import { spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { diskFull, fromSystemError, RuntimeError } from './errors.js';
import { lastLines } from './exec.js';
import { identify, stopProcess } from './proc.js';
import type { ProcessId, StopStep } from './proc.js';
import type { ServiceUser } from './service-user.js';
import { watchOver } from './watchdog.js';

export interface LaunchSpec {
  name: string;
  command: string;
  args: readonly string[];
  user: ServiceUser;
  logFile: string;
  stopSteps: readonly StopStep[];
  startTimeoutMs: number;
  /** Whether the server that runs as `pid` answers. */
  isReady: (pid: number) => Promise<boolean>;
}

export interface LaunchedServer {
  id: ProcessId;
  /** Resolves when the process is gone, however it ended. */
  ended: Promise<void>;
}

/** What the log says a start failed of; the first two are worth another try. */
export type StartFailure = 'port_taken' | 'memory_in_use' | 'disk_full' | 'permission' | 'other';

/** A start that failed, with the reason read from the server's own log. */
export class StartError extends Error {
  constructor(
    readonly failure: StartFailure,
    readonly said: string,
    message: string,
  ) {
    super(message);
  }
}

const LOG_LIMIT_BYTES = 5_000_000;

/**
 * Starts a server in a session of its own, with a watchdog, and waits until it answers. `onSpawned` is called at once,
 * before it is ready. Throws StartError.
 */
export async function launch(
  spec: LaunchSpec,
  onSpawned: (id: ProcessId) => Promise<void>,
): Promise<LaunchedServer> {
  const before = await rotate(spec.logFile);
  const log = await open(spec.logFile, 'a', 0o600);
  const child = spawn(spec.command, spec.args, {
    ...spec.user,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    // Nothing of our environment: variables such as PGDATA, PGPORT or LD_LIBRARY_PATH would change what it does.
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
  });
  let hasEnded = false;
  let spawnError: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    const finish = (error?: Error): void => {
      hasEnded = true;
      spawnError = error;
      resolve();
    };
    child.once('error', finish);
    child.once('exit', () => finish());
  });
  await log.close();
  child.unref();
  const id = child.pid === undefined ? undefined : identify(child.pid);
  if (id !== undefined) {
    const release = watchOver(id, spec.stopSteps);
    void ended.then(release);
    await onSpawned(id);
  }

  const deadline = Date.now() + spec.startTimeoutMs;
  while (Date.now() < deadline && !hasEnded && id !== undefined) {
    if (await spec.isReady(id.pid)) return { id, ended };
    await Promise.race([ended, delay(15)]);
  }
  if (id !== undefined) await stopProcess(id, spec.stopSteps);
  const said = spawnError?.message ?? (await readFrom(spec.logFile, before));
  const outcome = hasEnded ? 'ended while starting' : 'did not become ready in time';
  throw new StartError(readFailure(said), said, `${spec.name} ${outcome}:\n${lastLines(said, 8)}`);
}

/** What a server's own words say about why it did not start. */
export function readFailure(said: string): StartFailure {
  if (/address already in use/i.test(said)) return 'port_taken';
  if (/pre-existing shared memory block/i.test(said)) return 'memory_in_use';
  if (/No space left on device|disk quota exceeded/i.test(said)) return 'disk_full';
  if (/permission denied|has wrong ownership|Operation not permitted|EACCES/i.test(said)) return 'permission';
  return 'other';
}

/** The error for the user when a start is given up. */
export function startFailed(error: unknown, name: string, logFile: string): unknown {
  if (!(error instanceof StartError)) return fromSystemError(error, `starting ${name}`);
  if (error.failure === 'disk_full') return diskFull(`starting ${name}`, error);
  if (error.failure === 'permission') {
    return new RuntimeError(
      'permission',
      error.message,
      `Were the data folders made by another user? Give them to the user that starts BooControl. Its log: ${logFile}`,
      { cause: error },
    );
  }
  if (error.failure === 'port_taken') {
    return new RuntimeError('port_taken', error.message, 'Stop what listens on that port and start again.', {
      cause: error,
    });
  }
  return new RuntimeError('start_failed', error.message, `Its whole log: ${logFile}`, { cause: error });
}

/** Keeps one old log; returns the size that the current one has. */
async function rotate(file: string): Promise<number> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size < LOG_LIMIT_BYTES) return size;
  await rename(file, `${file}.old`);
  return 0;
}

async function readFrom(file: string, offset: number): Promise<string> {
  const text = await readFile(file).catch(() => Buffer.alloc(0));
  return text.subarray(offset).toString('utf8');
}
