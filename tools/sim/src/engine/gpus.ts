import { hashText, type Rng } from '../core/rng.js';
import type { SimGpu } from '../options.js';
import type { ModelProcess } from './model-process.js';

/** Time constants: how fast the chip warms up, and how fast the board's power follows. */
const TEMP_TAU_MS = 25_000;
const POWER_TAU_MS = 2_000;
const AMBIENT_C = 31;
const BASE_USED_MB = 410;

export interface GpuStat {
  timestamp: string;
  id: number;
  name: string;
  uuid: string;
  temp_c: number;
  vram_temp_c: number;
  gpu_util_pct: number;
  mem_util_pct: number;
  mem_used_mb: number;
  mem_total_mb: number;
  fan_speed_pct: number;
  power_draw_w: number;
}

interface Gpu {
  spec: SimGpu;
  id: number;
  uuid: string;
  tempC: number;
  powerW: number;
}

/** The host's GPUs. Memory follows what is loaded, temperature and power follow the work with inertia. */
export class Gpus {
  readonly #gpus: Gpu[];
  readonly #lastBusyMs = new Map<string, number>();
  #lastMs: number;

  constructor(
    specs: readonly SimGpu[],
    private readonly rng: Rng,
    private readonly simMs: () => number,
    seed: number,
  ) {
    this.#lastMs = simMs();
    this.#gpus = specs.map((spec, id) => ({
      spec,
      id,
      uuid: uuid(`${seed}:${id}:${spec.name}`),
      tempC: AMBIENT_C + 4,
      powerW: spec.idleW,
    }));
  }

  get count(): number {
    return this.#gpus.length;
  }

  /** One reading of every GPU; also moves temperature and power on. */
  sample(processes: Iterable<ModelProcess>, timestamp: () => string): GpuStat[] {
    const now = this.simMs();
    const elapsedMs = Math.max(1, now - this.#lastMs);
    this.#lastMs = now;
    const loaded = [...processes].filter(
      (process) => process.residentShare > 0 || process.state === 'stopping',
    );
    const busy = loaded.reduce((sum, process) => sum + this.#busyShare(process, elapsedMs), 0);
    const usedMb = loaded.map(memoryMb);
    return this.#gpus.map((gpu, index) =>
      this.#read(gpu, busy, this.#share(usedMb, index), elapsedMs, timestamp()),
    );
  }

  #read(gpu: Gpu, busy: number, modelsMb: number, elapsedMs: number, timestamp: string): GpuStat {
    const util = Math.min(1, busy) * (modelsMb > 0 ? this.rng.jitter(0.94, 0.05) : 0);
    const { idleW, maxW, totalMb } = gpu.spec;
    gpu.powerW = approach(gpu.powerW, idleW + (maxW - idleW) * util, elapsedMs / POWER_TAU_MS);
    const targetC = AMBIENT_C + 4 + (gpu.powerW / maxW) * 44;
    gpu.tempC = approach(gpu.tempC, targetC, elapsedMs / TEMP_TAU_MS);
    return {
      timestamp,
      id: gpu.id,
      name: gpu.spec.name,
      uuid: gpu.uuid,
      temp_c: Math.round(gpu.tempC),
      vram_temp_c: Math.round(gpu.tempC + 8 * util + 4),
      gpu_util_pct: Math.round(util * 100),
      mem_util_pct: Math.round(util * 62),
      mem_used_mb: Math.min(totalMb, Math.round(BASE_USED_MB + modelsMb)),
      mem_total_mb: totalMb,
      fan_speed_pct: gpu.tempC < 45 ? 0 : Math.round(Math.min(100, 25 + (gpu.tempC - 45) * 2)),
      power_draw_w: Math.round(this.rng.jitter(gpu.powerW, 0.01) * 100) / 100,
    };
  }

  /** A model that fits on one GPU goes to the first with room, a larger one is spread evenly. */
  #share(modelsMb: readonly number[], index: number): number {
    const free = this.#gpus.map((gpu) => gpu.spec.totalMb - BASE_USED_MB);
    let mine = 0;
    for (const mb of modelsMb) {
      const home = free.findIndex((room) => room >= mb);
      for (const [at] of free.entries()) {
        const part = home < 0 ? mb / free.length : at === home ? mb : 0;
        free[at] = (free[at] ?? 0) - part;
        if (at === index) mine += part;
      }
    }
    return mine;
  }

  #busyShare(process: ModelProcess, elapsedMs: number): number {
    const total = process.runtime.load.totalMs();
    const before = this.#lastBusyMs.get(process.spec.id) ?? 0;
    this.#lastBusyMs.set(process.spec.id, total);
    return (total - before) / elapsedMs;
  }
}

/** Weights as far as they are loaded, the KV buffer, and what the slots really use of it as a small extra. */
export function memoryMb(process: ModelProcess): number {
  const { spec } = process;
  const perTokenMb = spec.sizeMb / 250_000;
  const share = process.state === 'stopping' ? 1 : process.residentShare;
  return (
    share * (spec.sizeMb + spec.ctx * perTokenMb) + process.runtime.slots.usedTokens() * perTokenMb * 0.1
  );
}

function approach(value: number, target: number, share: number): number {
  return target + (value - target) * Math.exp(-share);
}

function uuid(text: string): string {
  const hex = [0, 1, 2, 3].map((salt) => hashText(text, salt).toString(16).padStart(8, '0')).join('');
  return `GPU-${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
