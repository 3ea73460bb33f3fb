import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { freePort, identify, stopProcess, watchOver } from '@boocontrol/runtime';
import type { StopStep } from '@boocontrol/runtime';
import { projectRoot } from './project.js';
import { waitFor } from './wait-for.js';

export interface RunningService {
  /** Where it was told to listen (PORT). */
  url: string;
  pid: number;
  /** All it wrote so far. */
  output(): string;
  /** Resolves when `GET /health` answers 2xx. Throws with its output when it ends before, or after `timeoutMs` (100,000). */
  waitReady(timeoutMs?: number): Promise<void>;
  /** SIGTERM, and SIGKILL when that does not help within 10 s. Resolves with its exit code (null when a signal ended it). */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when it is gone. */
  kill9(): Promise<void>;
}

const STOP: readonly StopStep[] = [
  { signal: 'SIGTERM', waitMs: 10_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/**
 * Runs a built service as a process of its own: `entry` is relative to the project (`services/ingest/dist/main.js`), `env`
 * its whole environment besides PATH and the like; PORT is a free one unless given. It ends with this process.
 */
export async function spawnService(entry: string, env: Record<string, string>): Promise<RunningService> {
  const port = env['PORT'] ?? String(await freePort());
  const inherited = Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));
  const child = spawn(process.execPath, [resolve(projectRoot(), entry)], {
    cwd: projectRoot(),
    env: { ...inherited, ...env, PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const id = child.pid === undefined ? undefined : identify(child.pid);
  if (id === undefined) throw new Error(`${entry} could not be started`);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const release = watchOver(id, STOP);
  let hasEnded = false;
  const ended = new Promise<number | null>((done) => {
    child.once('close', (code) => {
      hasEnded = true;
      release();
      done(code);
    });
  });
  const url = `http://127.0.0.1:${port}`;
  const isHealthy = async (): Promise<boolean> =>
    hasEnded || (await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) })).ok;

  return {
    url,
    pid: id.pid,
    output: () => said,
    async waitReady(timeoutMs = 100_000) {
      try {
        await waitFor(isHealthy, { what: `${url}/health`, timeoutMs });
      } catch (cause) {
        throw new Error(`${entry} did not become ready:\n${said}`, { cause });
      }
      if (hasEnded) throw new Error(`${entry} ended before it was ready:\n${said}`);
    },
    async stop() {
      await stopProcess(id, STOP);
      return ended;
    },
    async kill9() {
      await stopProcess(id, [{ signal: 'SIGKILL', waitMs: 5_000 }]);
      await ended;
    },
  };
}
