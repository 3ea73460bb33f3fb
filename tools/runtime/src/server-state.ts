import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RuntimeError } from './errors.js';
import { commandLine, identify, isAlive, stopProcess } from './proc.js';
import type { ProcessId, StopStep } from './proc.js';

/** Who serves a data folder, and who started it; kept beside the data. */
export interface ServerState {
  server: ProcessId;
  owner: ProcessId;
  port: number;
}

const FILE = 'server.json';

export async function saveState(dir: string, server: ProcessId, port: number): Promise<void> {
  const owner = identify(process.pid) ?? { pid: process.pid, startTicks: 0 };
  const state: ServerState = { server, owner, port };
  await writeFile(join(dir, `${FILE}.tmp`), JSON.stringify(state), { mode: 0o600 });
  await rename(join(dir, `${FILE}.tmp`), join(dir, FILE));
}

export async function clearState(dir: string): Promise<void> {
  await rm(join(dir, FILE), { force: true });
}

/** What a live server of this folder is; undefined when none runs. `marker` must be in its command line. */
export async function liveServer(dir: string, marker: string): Promise<ServerState | undefined> {
  const state = parseState(await readFile(join(dir, FILE), 'utf8').catch(() => ''));
  if (state === undefined || !isAlive(state.server)) return undefined;
  return commandLine(state.server.pid).includes(marker) ? state : undefined;
}

/**
 * Makes sure that no server runs on this folder: one whose owner died is stopped.
 * Throws RuntimeError `already_running` when its owner lives, `permission` when it cannot be stopped.
 */
export async function reclaim(dir: string, marker: string, steps: readonly StopStep[]): Promise<void> {
  const state = await liveServer(dir, marker);
  if (state === undefined) return;
  if (isAlive(state.owner)) {
    throw new RuntimeError(
      'already_running',
      `BooControl already runs from this folder (process ${state.owner.pid} serves ${dir}).`,
      'Stop that one first (Ctrl-C in its terminal), or use another clone of the project.',
    );
  }
  const stopped = await stopProcess(state.server, steps).catch(() => false);
  if (!stopped) {
    throw new RuntimeError(
      'permission',
      `A server left over from a run that was killed cannot be stopped (process ${state.server.pid}).`,
      `Stop it as its own user: kill ${state.server.pid}.`,
    );
  }
}

/** Strict reading of the state file; undefined for anything else than what saveState wrote. */
export function parseState(text: string): ServerState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { server, owner, port } = value as Partial<Record<keyof ServerState, unknown>>;
  return isProcessId(server) && isProcessId(owner) && typeof port === 'number'
    ? { server, owner, port }
    : undefined;
}

function isProcessId(value: unknown): value is ProcessId {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    Number.isInteger(value.pid) &&
    'startTicks' in value &&
    Number.isInteger(value.startTicks)
  );
}
