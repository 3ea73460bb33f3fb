import { parseRfc3339 } from '../core/rfc3339.js';
import type { GpuStat } from './gpus.js';
import type { SysStat } from './sys-stats.js';

const RING_MS = 3_600_000;

interface Sampler {
  /** Simulated milliseconds; returns what stops it. */
  every: (ms: number, run: () => void) => () => void;
  after: (ms: number, run: () => void) => () => void;
  sys: () => SysStat;
  /** Undefined on a host without a GPU tool. */
  gpu: (() => GpuStat[]) | undefined;
}

/** One hour of samples in two rings, each filled by a ticker of its own. */
export class Performance {
  readonly #sys: SysStat[] = [];
  readonly #gpu: GpuStat[][] = [];
  readonly #capacity: number;

  constructor(sampler: Sampler, everyMs: number) {
    this.#capacity = Math.max(1, Math.floor(RING_MS / everyMs));
    sampler.every(everyMs, () => push(this.#sys, sampler.sys(), this.#capacity));
    const { gpu } = sampler;
    if (!gpu) return;
    // The two tickers are never in step; the GPU tool answers a little later.
    sampler.after(everyMs * 0.37, () => {
      push(this.#gpu, gpu(), this.#capacity);
      sampler.every(everyMs, () => push(this.#gpu, gpu(), this.#capacity));
    });
  }

  latest(): { sys: SysStat | undefined; gpu: GpuStat[] } {
    return { sys: this.#sys.at(-1), gpu: this.#gpu.at(-1) ?? [] };
  }

  /**
   * The answer of `GET /api/performance`. Lists without samples are null as long as nothing filters them,
   * as Go writes a nil slice; filtered ones are empty.
   */
  since(afterNs: bigint | undefined): {
    enabled: true;
    gpu_stats: GpuStat[] | null;
    sys_stats: SysStat[] | null;
  } {
    const gpu = this.#gpu.flat();
    if (afterNs === undefined) {
      return { enabled: true, gpu_stats: orNull(gpu), sys_stats: orNull([...this.#sys]) };
    }
    const newer = (stat: { timestamp: string }) => (parseRfc3339(stat.timestamp) ?? 0n) > afterNs;
    return { enabled: true, gpu_stats: gpu.filter(newer), sys_stats: this.#sys.filter(newer) };
  }
}

function push<T>(ring: T[], value: T, capacity: number): void {
  ring.push(value);
  if (ring.length > capacity) ring.shift();
}

function orNull<T>(list: T[]): T[] | null {
  return list.length === 0 ? null : list;
}
