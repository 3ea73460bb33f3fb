import type { GpuStat } from '../engine/gpus.js';
import type { SysStat } from '../engine/sys-stats.js';
import type { Exchange } from './context.js';
import { sendText } from './respond.js';

const MB = 1024 * 1024;

/** `GET /metrics`: the newest samples as Prometheus text; 503 where monitoring is off. */
export function prometheus(exchange: Exchange): void {
  const { performance } = exchange.ctx.engine;
  if (!performance) return sendText(exchange, 503, '# performance monitor not available\n');
  const { sys, gpu } = performance.latest();
  const lines = [...(sys ? sysLines(sys) : []), ...gpuLines(gpu)];
  const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' };
  sendText(exchange, 200, lines.map((line) => `${line}\n`).join(''), headers);
}

function sysLines(sys: SysStat): string[] {
  return [
    ...family('llamaswap_cpu_util_percent', 'CPU utilization per core (0-100)'),
    ...sys.cpu_util_per_core.map((pct, core) => `llamaswap_cpu_util_percent{core="${core}"} ${pct}`),
    ...family('llamaswap_memory_total_bytes', 'Total memory in bytes'),
    `llamaswap_memory_total_bytes ${sys.mem_total_mb * MB}`,
    ...family('llamaswap_memory_used_bytes', 'Used memory in bytes'),
    `llamaswap_memory_used_bytes ${sys.mem_used_mb * MB}`,
    ...family('llamaswap_load_average', 'Load average'),
    `llamaswap_load_average{interval="1m"} ${sys.load_avg_1}`,
    `llamaswap_load_average{interval="5m"} ${sys.load_avg_5}`,
    `llamaswap_load_average{interval="15m"} ${sys.load_avg_15}`,
  ];
}

const GPU_FAMILIES: ReadonlyArray<[string, string, (gpu: GpuStat) => number]> = [
  ['llamaswap_gpu_temperature_celsius', 'GPU temperature in Celsius', (gpu) => gpu.temp_c],
  ['llamaswap_gpu_util_percent', 'GPU utilization percent (0-100)', (gpu) => gpu.gpu_util_pct],
  ['llamaswap_gpu_memory_used_bytes', 'GPU memory used in bytes', (gpu) => gpu.mem_used_mb * MB],
  ['llamaswap_gpu_memory_total_bytes', 'GPU memory total in bytes', (gpu) => gpu.mem_total_mb * MB],
  ['llamaswap_gpu_power_draw_watts', 'GPU power draw in watts', (gpu) => gpu.power_draw_w],
];

function gpuLines(gpus: readonly GpuStat[]): string[] {
  if (gpus.length === 0) return [];
  return GPU_FAMILIES.flatMap(([name, help, value]) => [
    ...family(name, help),
    ...gpus.map((gpu) => `${name}{id="${gpu.id}",name="${gpu.name}",uuid="${gpu.uuid}"} ${value(gpu)}`),
  ]);
}

function family(name: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`];
}
