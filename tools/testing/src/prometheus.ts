import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ensurePrometheus,
  exec,
  freePort,
  identify,
  RuntimeError,
  stopProcess,
  watchOver,
  type Prometheus,
  type StopStep,
} from '@boocontrol/runtime';
import { stateDir } from './project.js';
import { tempDir } from './temp-dir.js';
import { waitFor } from './wait-for.js';

const STOP: readonly StopStep[] = [
  { signal: 'SIGTERM', waitMs: 10_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];

/** Prometheus and promtool, fetched when they are not there yet; `missing` says why they cannot be had. */
export async function prometheusPrograms(): Promise<Prometheus | { missing: string }> {
  try {
    return await ensurePrometheus({
      dir: stateDir(),
      log: (line) => process.stderr.write(`[prometheus] ${line}\n`),
    });
  } catch (error) {
    if (error instanceof RuntimeError) return { missing: error.message };
    throw error;
  }
}

/** What promtool says to its arguments, and how it ends. */
export async function promtool(
  programs: Prometheus,
  args: readonly string[],
  input = '',
): Promise<{ code: number; said: string }> {
  const [command = '', ...before] = programs.promtool;
  const { code, stdout, stderr } = await exec(command, [...before, ...args], { input, timeoutMs: 60_000 });
  return { code, said: `${stdout}${stderr}`.trim() };
}

/** A series of an answer of Prometheus, with its newest value. */
export interface Sample {
  metric: Record<string, string>;
  value: number;
}

export interface RunningPrometheus {
  /** @throws {Error} with what Prometheus says of the expression, when it does not take it */
  query(expression: string): Promise<Sample[]>;
  /** `data` of an answer of its API, e.g. of `/api/v1/rules`. @throws {Error} when it refuses */
  api(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * A Prometheus of a test's own on loopback, ready to be asked.
 * @param files by name, `prometheus.yml` among them; names in it are relative to their folder
 * @throws {Error} with what it said, when it does not start
 */
export async function startPrometheus(
  { prometheus }: Prometheus,
  files: Readonly<Record<string, string>>,
): Promise<RunningPrometheus> {
  const [dir, port] = await Promise.all([tempDir(), freePort()]);
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir.path, name), text);
  const [command = '', ...before] = prometheus;
  const args = [
    `--config.file=${join(dir.path, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir.path, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn(command, [...before, ...args], { cwd: dir.path, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const id = child.pid === undefined ? undefined : identify(child.pid);
  if (id === undefined) throw new Error('Prometheus could not be started');
  const release = watchOver(id, STOP);
  let hasEnded = false;
  child.once('close', () => {
    hasEnded = true;
    release();
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await stopProcess(id, STOP);
    await dir.remove();
  };
  const api = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}${path}`);
    const { status, data, error } = (await response.json()) as {
      status: string;
      data: unknown;
      error?: string;
    };
    if (status !== 'success') throw new Error(`${decodeURIComponent(path)}: ${error}`);
    return data;
  };
  try {
    const isReady = async (): Promise<boolean> => hasEnded || (await fetch(`${url}/-/ready`)).ok;
    await waitFor(isReady, { what: 'Prometheus', timeoutMs: 60_000 });
    if (hasEnded) throw new Error('it ended');
  } catch (cause) {
    await stop();
    throw new Error(`Prometheus did not start:\n${said}`, { cause });
  }
  return {
    api,
    stop,
    async query(expression) {
      const data = await api(`/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { result } = data as { result: { metric: Record<string, string>; value: [number, string] }[] };
      return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
  };
}
