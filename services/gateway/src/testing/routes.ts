import type { ApiKey, PrefixDrift, RouteFact } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { idOf } from './actions.js';

const BASE_MS = Date.parse('2026-11-21T12:00:00Z');

/** A whole record of a request that `tower` has answered; `differs` makes it another. */
export function routeFact(n: number, differs: Partial<RouteFact> = {}): RouteFact {
  return {
    id: idOf(n),
    at: instantFromMs(BASE_MS + n + 0.123),
    endpoint: '/chat/completions',
    asked: 'auto:code',
    policy: { name: 'code', version: 2 },
    source: 'opencode',
    keyId: null,
    candidates: [
      {
        providerId: 'tower',
        model: 'org/model',
        filter: null,
        why: null,
        score: 0.71,
        terms: { quality: 0.8, speed: 0.5, readiness: 1, load: 0.75, affinity: 0, price: 1 },
      },
    ],
    attempts: [
      {
        providerId: 'tower',
        model: 'org/model',
        startedAt: instantFromMs(BASE_MS + n),
        outcome: 'answered',
        status: 200,
        firstByteMs: 210.5,
        durationMs: 4100,
        bytes: 18_211,
        message: null,
      },
    ],
    outcome: 'succeeded',
    status: 200,
    error: null,
    isStream: true,
    queueMs: 0,
    firstByteMs: 215.2,
    firstContentMs: 230.1,
    durationMs: 4105.3,
    requestBytes: 2100,
    responseBytes: 18_211,
    promptTokens: 100,
    cacheTokens: 90,
    outputTokens: 20,
    ...differs,
  };
}

/** The same as one that nobody was asked for. */
export function refusedFact(n: number, differs: Partial<RouteFact> = {}): RouteFact {
  return routeFact(n, {
    asked: 'tower/none',
    policy: null,
    candidates: [],
    attempts: [],
    outcome: 'refused',
    status: 404,
    error: { code: 'model_not_found', message: 'tower has no model "none".' },
    firstByteMs: null,
    firstContentMs: null,
    promptTokens: null,
    cacheTokens: null,
    outputTokens: null,
    ...differs,
  });
}

/** A key without any limit. */
export function apiKey(n: number, differs: Partial<ApiKey> = {}): ApiKey {
  return {
    id: idOf(n),
    name: `key ${n}`,
    label: 'laptop',
    createdAt: instantFromMs(BASE_MS),
    expiresAt: null,
    models: [],
    policies: [],
    requestsPerMinute: null,
    tokensPerMinute: null,
    concurrentRequests: null,
    monthlyTokens: null,
    frontier: false,
    disabledAt: null,
    lastUsedAt: null,
    tokensThisMonth: 0,
    ...differs,
  };
}

/** A prompt of the session of `n` whose system prompt has another time in it; `differs` makes it another. */
export function prefixDrift(n: number, differs: Partial<PrefixDrift> = {}): PrefixDrift {
  return {
    id: idOf(n),
    at: routeFact(n).at,
    kind: 'drift',
    cause: 'system_timestamp',
    seenBy: 'gateway',
    dispatchId: idOf(n),
    session: 'a'.repeat(22),
    consumer: 'opencode',
    providerId: 'tower',
    model: 'org/model',
    previousProviderId: 'tower',
    previousModel: 'org/model',
    previousAt: routeFact(0).at,
    previousHash: 'b'.repeat(43),
    hash: 'c'.repeat(43),
    previousBytes: 4_000,
    bytes: 4_200,
    sameBytes: 0,
    firstChangedSegment: { index: 0, kind: 'system', role: 'system' },
    changedInputs: ['timestamp in system'],
    promptTokens: 1_000,
    cachedTokens: 10,
    expectedCachedTokens: 900,
    lostTokens: 890,
    lostMs: 1_780.5,
    ...differs,
  };
}
