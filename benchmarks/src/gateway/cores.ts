import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const CORES = availableParallelism();

/** Which processors a process, and what it starts from now on, may run on. */
function pin(pid: number, list: string): boolean {
  return spawnSync('taskset', ['-a', '-c', '-p', list, String(pid)], { stdio: 'ignore' }).status === 0;
}

/**
 * Leaves the first core to what is measured: this process and all that it starts use the others. Two ways are then
 * measured on the same terms, whatever stands around them. @returns what was done, for the reader of the figures
 */
export function leaveACore(): string {
  if (CORES < 2) return 'one core for everything: the load and what is measured take it from each other';
  return pin(process.pid, CORES === 2 ? '1' : `1-${CORES - 1}`)
    ? `${CORES} cores: what is measured has one for itself; the load, the hosts, NATS, PostgreSQL and the other services share the rest`
    : `${CORES} cores, and nothing pinned (taskset is missing or not allowed)`;
}

/** Has the first core, with others that are measured at other times. */
export function giveACore(pid: number): void {
  if (CORES >= 2) pin(pid, '0');
}
