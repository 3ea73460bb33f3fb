import { randomBytes } from 'node:crypto';
import type { SandboxBackend } from '../types.js';
import { prepareHost } from './host.js';
import { CANARIES } from './list.js';
import type { Canary, RunIn } from './list.js';

export interface CanaryRow {
  readonly name: string;
  /** As the backend has it: an outcome, or `exited with 0`. */
  readonly reported: string;
  /** Why it counts as not contained; null: contained, and reported as what it is. */
  readonly problem: string | null;
  readonly ms: number;
}

export interface CanaryReport {
  readonly backend: SandboxBackend['name'];
  readonly rows: readonly CanaryRow[];
  readonly passed: boolean;
  readonly ms: number;
}

const AT_ONCE = 3;

/**
 * Runs every hostile program in a backend, and compares the host before and after.
 * @param rootfs the root file system that the backend uses
 * @throws {Error} when the host cannot be prepared
 */
export async function runCanaries(backend: SandboxBackend, rootfs: string): Promise<CanaryReport> {
  const startedAt = performance.now();
  const label = `canary-${randomBytes(4).toString('hex')}`;
  const host = await prepareHost(backend.name, rootfs, label);
  try {
    const runIn: RunIn = {
      trap: host.trap,
      run: (job) => backend.run({ ...job, label }),
    };
    const rows: CanaryRow[] = [];
    const waiting = CANARIES.map((canary, index) => ({ canary, index }));
    const take = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        rows[next.index] = await runOne(next.canary, runIn);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, take));
    const changes = await host.changes();
    rows.push({
      name: 'the host afterwards',
      reported: changes.length === 0 ? 'unchanged' : 'changed',
      problem: changes.length === 0 ? null : changes.join('; '),
      ms: 0,
    });
    const passed = rows.every(({ problem }) => problem === null);
    return { backend: backend.name, rows, passed, ms: Math.round(performance.now() - startedAt) };
  } finally {
    await host.close();
  }
}

async function runOne(canary: Canary, runIn: RunIn): Promise<CanaryRow> {
  const startedAt = performance.now();
  const judged = await canary.run(runIn);
  return { name: canary.name, ...judged, ms: Math.round(performance.now() - startedAt) };
}
