import type { RouteAttempt, RouteCandidate, RouteFact } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { pick, randomOf } from './random.js';

const HOSTS = ['tower', 'workstation', 'mac-studio', 'laptop'] as const;
const MODELS: Readonly<Record<(typeof HOSTS)[number], string>> = {
  tower: 'qwen3-32b-Q4_K_M',
  workstation: 'gpt-oss-20b-mxfp4',
  'mac-studio': 'llama-3.3-70b-IQ2_XXS',
  laptop: 'gemma-3-27b-it-Q5_K_S',
};
const SOURCES = ['opencode', 'boochat', 'python-openai', 'control-eval', 'unattributed'] as const;
const POLICIES = ['auto', 'code', 'fast', 'cheap'] as const;

/** As the gateway makes them, random at the end so that they sort by number. */
export const dispatchId = (n: number): string => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`;

function candidatesOf(random: () => number, first: (typeof HOSTS)[number]): RouteCandidate[] {
  const share = (): number => Math.round(random() * 100) / 100;
  const order = [first, ...HOSTS.filter((host) => host !== first)];
  const scored = order.slice(0, 3).map((providerId, i): RouteCandidate => {
    const terms = {
      quality: share(),
      speed: share(),
      readiness: i === 0 ? 1 : share(),
      load: share(),
      affinity: i === 0 ? 1 : 0,
      price: 1,
    };
    return { providerId, model: MODELS[providerId], filter: null, why: null, score: 0.9 - i * 0.17, terms };
  });
  const out = (
    providerId: string,
    model: string,
    filter: RouteCandidate['filter'],
    why: string,
  ): RouteCandidate => ({ providerId, model, filter, why, score: null, terms: null });
  return [
    ...scored,
    out('nas', 'phi-4-Q8_0', 'offline', 'nas is not connected.'),
    out('embedder', 'bge-m3-Q8_0', 'capability_missing', 'bge-m3-Q8_0 is not made for chat.'),
    out('attic', 'phi-4-Q8_0', 'disabled', 'attic is switched off.'),
  ];
}

/** Requests that came through /v1 over the last hours, newest first: most of them well, some with a story. */
export function dispatchesOf(rows: number, nowMs: number): RouteFact[] {
  const random = randomOf(rows);
  let atMs = nowMs - 4_000;
  return Array.from({ length: rows }, (_, i): RouteFact => {
    const at = instantFromMs(atMs);
    const startMs = atMs;
    atMs -= Math.floor(500 + random() * 40_000);
    const policy = random() < 0.75 ? pick(random, POLICIES) : null;
    const chosen = pick(random, HOSTS.slice(0, 3));
    const told = random();
    const outcome: RouteFact['outcome'] =
      told < 0.86
        ? 'succeeded'
        : told < 0.9
          ? 'incomplete'
          : told < 0.94
            ? 'client_left'
            : told < 0.97
              ? 'failed'
              : 'refused';
    const failsOver = outcome !== 'refused' && random() < 0.12;
    const contentMs = 90 + random() ** 3 * 9_000;
    const durationMs = contentMs + 300 + random() * 14_000;
    const attempt = (
      providerId: (typeof HOSTS)[number],
      afterMs: number,
      more: Partial<RouteAttempt>,
    ): RouteAttempt => ({
      providerId,
      model: MODELS[providerId],
      startedAt: instantFromMs(startMs + afterMs),
      outcome: 'answered',
      status: 200,
      firstByteMs: contentMs - 30,
      durationMs,
      bytes: 9_000,
      message: null,
      ...more,
    });
    const first = attempt('laptop', 2, {
      outcome: 'reset',
      status: null,
      firstByteMs: null,
      durationMs: 38,
      bytes: 0,
      message: 'The host broke the connection off.',
    });
    const ending: Partial<RouteAttempt> =
      outcome === 'incomplete'
        ? { outcome: 'incomplete', message: 'The stream ended without its end.' }
        : outcome === 'client_left'
          ? { outcome: 'abandoned' }
          : outcome === 'failed'
            ? { outcome: 'status', status: 500, message: 'The host answered 500.' }
            : {};
    const attempts =
      outcome === 'refused'
        ? []
        : [...(failsOver ? [first] : []), attempt(chosen, failsOver ? 60 : 2, ending)];
    const isWell = outcome === 'succeeded';
    return {
      id: dispatchId(rows - i),
      at,
      endpoint: '/chat/completions',
      asked: policy === null ? `${chosen}/${MODELS[chosen]}` : policy === 'auto' ? 'auto' : `auto:${policy}`,
      policy: policy === null ? null : { name: policy, version: 1 },
      source: pick(random, SOURCES),
      keyId: null,
      candidates: candidatesOf(random, chosen),
      attempts,
      outcome,
      status: outcome === 'refused' ? 503 : outcome === 'failed' ? 502 : 200,
      error:
        outcome === 'refused'
          ? { code: 'provider_unhealthy', message: 'All that have it failed too often just now.' }
          : outcome === 'incomplete'
            ? { code: 'upstream_error', message: 'The answer ended before it was whole.' }
            : null,
      isStream: true,
      queueMs: random() < 0.2 ? Math.round(random() * 2_000) : 0,
      firstByteMs: outcome === 'refused' ? 3 : contentMs - 28,
      firstContentMs: outcome === 'refused' || outcome === 'failed' ? null : contentMs,
      durationMs: outcome === 'refused' ? 3 : durationMs,
      requestBytes: 2_400,
      responseBytes: outcome === 'refused' ? 180 : 9_000,
      promptTokens: isWell ? 40 + Math.floor(random() * 9_000) : null,
      cacheTokens: isWell ? 32 : null,
      outputTokens: isWell ? 20 + Math.floor(random() * 900) : null,
    };
  });
}
