import type { Gpu, HostState } from '@boocontrol/contracts';
import { bytes, gigabytes, percent, type Quantity } from '../format/number';
import { gpuName } from '../format/text';
import type { Meter } from '../live/meters';
import type { Reading } from '../ui/reading';

export interface GpuView {
  id: number;
  name: string;
  used: string;
  total: string;
  vram: Reading;
  util: Reading;
  temp: Reading;
  /** Boards do not tell their power limit, so there is no scale to draw it on. */
  power: Quantity;
}
export interface InstrumentsView {
  gpus: GpuView[];
  /** Past two of them, all as one: memory and power added up, mean utilisation, the hottest. */
  allGpus: GpuView | null;
  cpu: Reading;
  memory: Reading;
  net: { rx: Quantity; tx: Quantity };
}

export function instruments(meter: Meter | undefined): InstrumentsView {
  const sys = meter?.sys ?? null;
  return {
    gpus: (meter?.gpus ?? []).map(gpuView),
    allGpus: (meter?.gpus ?? []).length > ROWS_OF_GPUS ? gpuView(together(meter?.gpus ?? [])) : null,
    cpu: reading(percent(sys?.cpuUtilPct), '%', share(sys?.cpuUtilPct, 100), 0.9, 2),
    memory: reading(
      `${gigabytes(sys?.memUsedMb)} / ${gigabytes(sys?.memTotalMb)}`,
      'GB',
      share(sys?.memUsedMb, sys?.memTotalMb),
      0.9,
      0.97,
    ),
    net: { rx: perSecond(meter?.net?.rxBps), tx: perSecond(meter?.net?.txBps) },
  };
}

/** More GPUs than this are drawn as thin strips. */
const ROWS_OF_GPUS = 2;

type GpuFigures = Pick<Gpu, 'id' | 'name' | 'memUsedMb' | 'memTotalMb' | 'utilPct' | 'tempC' | 'powerW'>;

function together(gpus: readonly Gpu[]): GpuFigures {
  const known = (of: (gpu: Gpu) => number | null): number[] =>
    gpus.flatMap((gpu) => {
      const value = of(gpu);
      return value === null ? [] : [value];
    });
  const sum = (values: number[]): number | null =>
    values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
  const utils = known(({ utilPct }) => utilPct);
  const temps = known(({ tempC }) => tempC);
  const total = sum(utils);
  const names = [...new Set(gpus.map(({ name }) => gpuName(name)))];
  return {
    id: -1,
    name: `${gpus.length} × ${names.join(', ')}`,
    memUsedMb: sum(known(({ memUsedMb }) => memUsedMb)),
    memTotalMb: sum(known(({ memTotalMb }) => memTotalMb)),
    utilPct: total === null ? null : total / utils.length,
    tempC: temps.length === 0 ? null : Math.max(...temps),
    powerW: sum(known(({ powerW }) => powerW)),
  };
}

function gpuView(gpu: GpuFigures): GpuView {
  return {
    id: gpu.id,
    name: gpuName(gpu.name),
    used: gigabytes(gpu.memUsedMb),
    total: gigabytes(gpu.memTotalMb),
    vram: reading(gigabytes(gpu.memUsedMb), 'GB', share(gpu.memUsedMb, gpu.memTotalMb), 2, 0.985),
    util: reading(percent(gpu.utilPct), '%', share(gpu.utilPct, 100), 2, 2),
    temp: reading(percent(gpu.tempC), '°C', share(gpu.tempC, 100), 0.8, 0.88),
    power: { value: percent(gpu.powerW), unit: 'W' },
  };
}

const reading = (
  value: string,
  unit: string,
  fraction: number | null,
  high: number,
  critical: number,
): Reading => ({
  value,
  unit,
  fraction,
  level: fraction === null || fraction < high ? 'normal' : fraction < critical ? 'high' : 'critical',
});

const share = (part: number | null | undefined, whole: number | null | undefined): number | null =>
  part == null || !whole ? null : Math.min(1, Math.max(0, part / whole));

const perSecond = (bps: number | null | undefined): Quantity => {
  const { value, unit } = bytes(bps);
  return { value, unit: unit && `${unit}/s` };
};

/** Why there are no readings, in words; null when there are some or they are on their way. */
export function monitoringNotice({ liveness, perf }: Pick<HostState, 'liveness' | 'perf'>): string | null {
  if (liveness?.monitoring === 'off') {
    return 'Monitoring is off on this host. Set performance.every in its llama-swap config.';
  }
  if (liveness?.monitoring === 'absent') {
    return 'This llama-swap version does not measure GPU, CPU or memory. Any from v212 on does.';
  }
  return perf || liveness?.state !== 'connected' ? null : 'Waiting for the first readings.';
}
