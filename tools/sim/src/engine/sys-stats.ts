import type { Rng } from '../core/rng.js';
import type { SimHostOptions } from '../options.js';

export interface SysStat {
  timestamp: string;
  cpu_util_per_core: number[];
  mem_total_mb: number;
  mem_used_mb: number;
  mem_free_mb: number;
  swap_total_mb: number;
  swap_used_mb: number;
  load_avg_1: number;
  load_avg_5: number;
  load_avg_15: number;
  net_io: Array<{ name: string; bytes_recv: number; bytes_sent: number }>;
}

/** What the machine does, as the sampler sees it. */
export interface Workload {
  /** Requests being computed now. */
  active: number;
  /** Model memory that lies in system memory (a host without a GPU). */
  systemMemoryMb: number;
  bytesReceived: number;
  bytesSent: number;
}

/** CPU, memory and network of the machine. */
export class SysStats {
  readonly #loads: [number, number, number] = [0.2, 0.2, 0.2];

  constructor(
    private readonly options: SimHostOptions,
    private readonly rng: Rng,
  ) {}

  sample(work: Workload, timestamp: string): SysStat {
    const { cpuCores, memTotalMb, gpus } = this.options;
    const perRequest = gpus.length === 0 ? 0.8 : 1 / cpuCores;
    const busy = Math.min(0.97, 0.02 + work.active * perRequest);
    const target = busy * cpuCores;
    const [one, five, fifteen] = this.#loads;
    this.#loads[0] = one + (target - one) * 0.08;
    this.#loads[1] = five + (target - five) * 0.017;
    this.#loads[2] = fifteen + (target - fifteen) * 0.0056;
    const usedMb = Math.min(memTotalMb - 200, Math.round(memTotalMb * 0.12 + work.systemMemoryMb));
    const windows = this.options.os === 'windows';
    return {
      timestamp,
      cpu_util_per_core: Array.from({ length: cpuCores }, () =>
        round(100 * Math.min(1, this.rng.jitter(busy, 0.6))),
      ),
      mem_total_mb: memTotalMb,
      mem_used_mb: usedMb,
      mem_free_mb: memTotalMb - usedMb,
      swap_total_mb: 8_192,
      swap_used_mb: 0,
      // Windows has no load average.
      load_avg_1: windows ? 0 : round(this.#loads[0]),
      load_avg_5: windows ? 0 : round(this.#loads[1]),
      load_avg_15: windows ? 0 : round(this.#loads[2]),
      net_io: [
        { name: windows ? 'Ethernet' : 'eth0', bytes_recv: work.bytesReceived, bytes_sent: work.bytesSent },
        {
          name: windows ? 'Loopback Pseudo-Interface 1' : 'lo',
          bytes_recv: 1_048_576,
          bytes_sent: 1_048_576,
        },
      ],
    };
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
