import type { Gpu, Liveness, Model, ModelState, Perf, PublicProvider } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';

/** Plain parts of a made-up fleet; times are relative to nowMs. */

export function provider(id: string, label: string, more: Partial<PublicProvider> = {}): PublicProvider {
  return {
    id,
    kind: 'llama-swap',
    baseUrl: `http://${id}.lan:8080`,
    label,
    enabled: true,
    tags: [],
    origin: 'api',
    createdAt: instantFromMs(0),
    updatedAt: instantFromMs(0),
    apiKeySet: false,
    ...more,
  };
}

export function liveness(providerId: string, nowMs: number, more: Partial<Liveness> = {}): Liveness {
  return {
    providerId,
    at: instantFromMs(nowMs),
    state: 'connected',
    since: instantFromMs(nowMs - 3 * 3_600_000),
    attempt: 0,
    nextAttemptAt: null,
    lastSeenAt: instantFromMs(nowMs),
    reason: null,
    generation: 'C',
    version: { version: 'v250', commit: '60226b63', buildDate: null },
    hardware: null,
    monitoring: 'on',
    ...more,
  };
}

export function model(id: string, state: ModelState, nowMs: number, more: Partial<Model> = {}): Model {
  const running = state === 'ready' || state === 'starting';
  return {
    id,
    name: id,
    description: '',
    state,
    since: running ? instantFromMs(nowMs - 400_000) : null,
    failedAt: null,
    unlisted: false,
    peerId: null,
    aliases: [],
    capabilities: [],
    contextLength: 32_768,
    ttlS: state === 'ready' ? 600 : null,
    ...more,
  };
}

export function gpu(id: number, name: string, totalMb: number, load: number): Gpu {
  return {
    id,
    name,
    uuid: `GPU-${id}`,
    tempC: Math.round(38 + 42 * load),
    vramTempC: Math.round(44 + 44 * load),
    utilPct: Math.round(98 * load),
    memUtilPct: Math.round(70 * load),
    memUsedMb: Math.round(totalMb * (0.04 + 0.9 * Math.min(1, load * 1.4))),
    memTotalMb: totalMb,
    fanPct: Math.round(30 + 50 * load),
    powerW: Math.round(28 + 420 * load),
  };
}

export function perf(providerId: string, tsMs: number, gpus: Gpu[] | null, load: number): Perf {
  const ts = instantFromMs(tsMs);
  return {
    providerId,
    at: ts,
    ts,
    gpus,
    sys: {
      cpuUtilPct: 4 + 30 * load,
      cpuUtilPctPerCore: [],
      memTotalMb: 65_536,
      memUsedMb: Math.round(18_000 + 20_000 * load),
      memFreeMb: 20_000,
      swapTotalMb: 0,
      swapUsedMb: 0,
      loadAvg1: load * 8,
      loadAvg5: load * 7,
      loadAvg15: load * 6,
      net: [
        { name: 'lo', rxBytes: 5_000_000_000, txBytes: 5_000_000_000 },
        { name: 'eth0', rxBytes: Math.round(tsMs * 18), txBytes: Math.round(tsMs * 210) },
      ],
    },
    gpuTs: ts,
    sysTs: ts,
  };
}
