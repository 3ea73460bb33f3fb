import type { Exchange } from './context.js';
import { sendJson } from './respond.js';

const OS = {
  linux: { family: 'linux', name: 'Ubuntu', version: '24.04', kernel: '6.8.0-87-generic' },
  windows: { family: 'windows', name: 'Windows 11 Pro', version: '24H2', kernel: '10.0.26100' },
  darwin: { family: 'darwin', name: 'macOS', version: '26.1', kernel: '25.1.0' },
} as const;

/** `GET /api/hardware`, generation C: what was found when the process started. */
export function hardware(exchange: Exchange): void {
  const { options, engine } = exchange.ctx;
  const apple = options.os === 'darwin';
  sendJson(exchange, 200, {
    schema_version: 1,
    captured_at: engine.startedAt,
    capture: {
      scope: 'inference_host',
      method: 'detected',
      detector: { name: 'llama-swap', version: '250' },
    },
    architecture: { name: apple ? 'arm64' : 'x86_64', raw_name: null },
    operating_system: OS[options.os],
    environment: { kind: 'bare_metal', name: null, version: null },
    cpu: {
      vendor: apple ? 'Apple' : null,
      model: options.cpuModel,
      socket_count: 1,
      physical_core_count: options.cpuCores,
      logical_thread_count: apple ? options.cpuCores : options.cpuCores * 2,
    },
    memory: { capacity_bytes: options.memTotalMb * 1024 * 1024 },
    accelerators: options.gpus.map((gpu, index) => ({
      index,
      kind: 'gpu',
      vendor: apple ? 'Apple' : 'NVIDIA',
      model: gpu.name,
      architecture: null,
      memory: { kind: apple ? 'unified' : 'dedicated', capacity_bytes: gpu.totalMb * 1024 * 1024 },
      driver: apple ? null : { name: 'nvidia', version: '580.95.05' },
      power_limit_watts: apple ? null : gpu.maxW,
    })),
  });
}
