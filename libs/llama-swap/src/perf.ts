import type { Gpu, Instant, Sys } from '@boocontrol/contracts';
import { isObject, numberOf, readEach, Strange, textOf, type BadItem, type Json } from './loose.js';
import { hostTime, type HostTime } from './time.js';

export interface GpuReading {
  time: HostTime;
  gpu: Gpu;
}
export interface SysReading {
  time: HostTime;
  sys: Sys;
}

function timeOf(item: Json): HostTime {
  const time = hostTime(item['timestamp']);
  if (time === null) throw new Strange('timestamp is not an instant');
  return time;
}

function readGpu(item: Json): GpuReading {
  const id = numberOf(item, 'id') ?? 0;
  // A GPU that comes twice begins the next snapshot, so this bounds a snapshot too.
  if (!Number.isInteger(id) || id < 0 || id > 255)
    throw new Strange('id is not a whole number from 0 to 255');
  return {
    time: timeOf(item),
    gpu: {
      id,
      name: textOf(item, 'name', 256),
      uuid: textOf(item, 'uuid', 128),
      tempC: numberOf(item, 'temp_c'),
      vramTempC: numberOf(item, 'vram_temp_c'),
      utilPct: numberOf(item, 'gpu_util_pct'),
      memUtilPct: numberOf(item, 'mem_util_pct'),
      memUsedMb: numberOf(item, 'mem_used_mb'),
      memTotalMb: numberOf(item, 'mem_total_mb'),
      fanPct: numberOf(item, 'fan_speed_pct'),
      powerW: numberOf(item, 'power_draw_w'),
    },
  };
}

function readNet(item: Json): Sys['net'][number] {
  return {
    name: textOf(item, 'name', 128),
    rxBytes: numberOf(item, 'bytes_recv') ?? 0,
    txBytes: numberOf(item, 'bytes_sent') ?? 0,
  };
}

function readSys(item: Json): SysReading {
  const listed = item['cpu_util_per_core'];
  const cores = Array.isArray(listed)
    ? listed.filter((core) => typeof core === 'number' && Number.isFinite(core))
    : [];
  const net = Array.isArray(item['net_io']) ? readEach(item['net_io'], readNet).items : [];
  return {
    time: timeOf(item),
    sys: {
      cpuUtilPct: cores.length === 0 ? null : cores.reduce((sum, core) => sum + core, 0) / cores.length,
      cpuUtilPctPerCore: cores.slice(0, 1024),
      memTotalMb: numberOf(item, 'mem_total_mb'),
      memUsedMb: numberOf(item, 'mem_used_mb'),
      memFreeMb: numberOf(item, 'mem_free_mb'),
      swapTotalMb: numberOf(item, 'swap_total_mb'),
      swapUsedMb: numberOf(item, 'swap_used_mb'),
      loadAvg1: numberOf(item, 'load_avg_1'),
      loadAvg5: numberOf(item, 'load_avg_5'),
      loadAvg15: numberOf(item, 'load_avg_15'),
      net: net.slice(0, 64),
    },
  };
}

/** Both lists of `GET /api/performance`. Never throws; null when it is not that answer at all. */
export function readPerformance(
  answer: unknown,
): { gpu: GpuReading[]; sys: SysReading[]; bad: BadItem[] } | null {
  if (!isObject(answer)) return null;
  const { gpu_stats: gpuList, sys_stats: sysList } = answer;
  const gpu = readEach(Array.isArray(gpuList) ? gpuList : [], readGpu);
  const sys = readEach(Array.isArray(sysList) ? sysList : [], readSys);
  return { gpu: gpu.items, sys: sys.items, bad: [...gpu.bad, ...sys.bad] };
}

/** Newest readings published so far, as the host wrote their times. */
export interface PerfMarks {
  gpuTs: string | null;
  sysTs: string | null;
}

export interface PerfSample extends PerfMarks {
  ts: Instant;
  gpus: Gpu[] | null;
  sys: Sys | null;
}
