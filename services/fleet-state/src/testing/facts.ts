import {
  type Capture,
  type Gap,
  type Gpu,
  type Liveness,
  type ModelChanged,
  type Perf,
  type Provider,
  type Request,
  type RouteAttempt,
  type RouteFact,
  type Sys,
  subjects,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import type { BusMessage } from '@boocontrol/platform';
import type { HistoryFact } from '../projection/history-fact.js';

/** Noon, some day not long ago, so that nothing in a test is near an edge of retention. */
export const NOON_MS = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000;
export const noon = (plusMs = 0): string => instantFromMs(NOON_MS + plusMs);

export function request(over: Partial<Request> = {}): Request {
  const ts = over.ts ?? noon();
  return {
    providerId: 'tower',
    at: ts,
    entryId: 1,
    ts,
    endedAt: ts,
    model: 'qwen3-8b',
    source: 'boochat',
    reqPath: '/v1/chat/completions',
    respContentType: 'application/json',
    statusCode: 200,
    durationMs: 1_500,
    cacheTokens: 10,
    inputTokens: 100,
    outputTokens: 50,
    draftTokens: null,
    draftAcceptedTokens: null,
    promptTps: 1_000,
    genTps: 40,
    hasCapture: false,
    errorMsg: null,
    ...over,
  };
}

/** What the host's own row of it, `request()`, tells too. */
export function attempt(over: Partial<RouteAttempt> = {}): RouteAttempt {
  return {
    providerId: 'tower',
    model: 'qwen3-8b',
    startedAt: noon(-1_500),
    outcome: 'answered',
    status: 200,
    firstByteMs: 100,
    durationMs: 1_500,
    bytes: 1_000,
    message: null,
    ...over,
  };
}

export function dispatch(over: Partial<RouteFact> = {}): RouteFact {
  const at = over.at ?? noon(-1_500);
  return {
    id: '0199f7a1-6f0e-4c3a-9d2b-5b6f1e2d3c4b',
    at,
    endpoint: '/chat/completions',
    asked: 'tower/qwen3-8b',
    policy: null,
    source: 'boochat',
    keyId: null,
    candidates: [],
    attempts: [attempt({ startedAt: at })],
    outcome: 'succeeded',
    status: 200,
    error: null,
    isStream: false,
    queueMs: 0,
    firstByteMs: 100,
    firstContentMs: 100,
    durationMs: 1_500,
    requestBytes: 500,
    responseBytes: 1_000,
    promptTokens: 110,
    cacheTokens: 10,
    outputTokens: 50,
    ...over,
  };
}

export function gpu(over: Partial<Gpu> = {}): Gpu {
  return {
    id: 0,
    name: 'RTX 5090',
    uuid: 'GPU-0',
    tempC: 60,
    vramTempC: null,
    utilPct: 50,
    memUtilPct: 20,
    memUsedMb: 20_000,
    memTotalMb: 32_000,
    fanPct: 30,
    powerW: 300,
    ...over,
  };
}

export function sys(over: Partial<Sys> = {}): Sys {
  return {
    cpuUtilPct: 12,
    cpuUtilPctPerCore: [10, 14],
    memTotalMb: 64_000,
    memUsedMb: 16_000,
    memFreeMb: 48_000,
    swapTotalMb: 0,
    swapUsedMb: 0,
    loadAvg1: 1,
    loadAvg5: 1,
    loadAvg15: 1,
    net: [],
    ...over,
  };
}

export function perf(over: Partial<Perf> = {}): Perf {
  const ts = over.ts ?? noon();
  return { providerId: 'tower', at: ts, ts, gpus: [gpu()], sys: sys(), gpuTs: ts, sysTs: ts, ...over };
}

export function modelChanged(over: Partial<ModelChanged> = {}): ModelChanged {
  return {
    providerId: 'tower',
    at: noon(),
    model: 'qwen3-8b',
    from: 'starting',
    to: 'ready',
    observed: 'live',
    failed: false,
    ...over,
  };
}

export function liveness(over: Partial<Liveness> = {}): Liveness {
  const at = over.since ?? noon();
  return {
    providerId: 'tower',
    at,
    state: 'connected',
    since: at,
    attempt: 0,
    nextAttemptAt: null,
    lastSeenAt: at,
    reason: null,
    generation: 'B',
    version: null,
    hardware: null,
    monitoring: 'on',
    ...over,
  };
}

export function gap(over: Partial<Gap> = {}): Gap {
  return {
    providerId: 'tower',
    at: noon(60_000),
    model: '*',
    state: 'gap_suspected',
    fromTs: noon(),
    toTs: noon(30_000),
    reason: 'ring_overflow',
    missing: 7,
    ...over,
  };
}

export function capture(over: Partial<Capture> = {}): Capture {
  return {
    providerId: 'tower',
    at: noon(),
    entryId: 1,
    ts: noon(),
    reqPath: '/v1/chat/completions',
    reqHeaders: { 'user-agent': 'test' },
    reqBody: { encoding: 'utf8', data: '{"model":"qwen3-8b"}', bytes: 20, cut: false },
    respHeaders: {},
    respBody: null,
    ...over,
  };
}

export function provider(over: Partial<Provider> = {}): Provider {
  return {
    id: 'tower',
    kind: 'llama-swap',
    baseUrl: 'http://127.0.0.1:8080',
    label: 'Tower',
    enabled: true,
    tags: ['gpu'],
    origin: 'api',
    createdAt: noon(),
    updatedAt: noon(),
    ...over,
  };
}

/** Facts as the consumer hands them over, numbered from 1. */
export function messages(facts: readonly HistoryFact[]): BusMessage<HistoryFact>[] {
  return facts.map((value, index) => ({
    subject: subjects.fact(value.body.providerId, value.kind),
    seq: index + 1,
    timeMs: NOON_MS,
    deliveryCount: 1,
    value,
  }));
}

export const requestFact = (over: Partial<Request> = {}): HistoryFact => ({
  kind: 'request',
  body: request(over),
});
export const perfFact = (over: Partial<Perf> = {}): HistoryFact => ({ kind: 'perf', body: perf(over) });
