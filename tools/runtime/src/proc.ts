import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessId {
  pid: number;
  /** When it started, in clock ticks since boot (field 22 of /proc/<pid>/stat). */
  startTicks: number;
}

/** Undefined when there is no such process, or only its zombie. */
export function identify(pid: number): ProcessId | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** Reads /proc/<pid>/stat; the program's name, in brackets, may itself hold spaces and brackets. */
export function parseStat(text: string): ProcessId | undefined {
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = Number(fields[19]);
  if (!Number.isInteger(pid) || !Number.isInteger(startTicks) || state === 'Z' || state === 'X')
    return undefined;
  return { pid, startTicks };
}

export function isAlive(id: ProcessId): boolean {
  return identify(id.pid)?.startTicks === id.startTicks;
}

/** The command line with its arguments separated by spaces; empty when there is no such process. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** One step of stopping: the signal, and how long to wait for it to work. */
export interface StopStep {
  signal: NodeJS.Signals;
  waitMs: number;
}

/** Sends the signals one after the other until the process is gone. Resolves with whether it is. */
export async function stopProcess(id: ProcessId, steps: readonly StopStep[]): Promise<boolean> {
  for (const { signal, waitMs } of steps) {
    if (!isAlive(id)) return true;
    sendSignal(id.pid, signal);
    if (await isGone(id, waitMs)) return true;
  }
  return !isAlive(id);
}

export async function isGone(id: ProcessId, waitMs: number): Promise<boolean> {
  const deadline = Date.now() + waitMs;
  while (isAlive(id)) {
    if (Date.now() > deadline) return false;
    await delay(10);
  }
  return true;
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
