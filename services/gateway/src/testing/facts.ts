import { FactSchema, type Fact, type FactKind, type FactMap } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';

const BASE_MS = Date.parse('2026-11-20T16:00:00Z');
const STATES = ['stopped', 'starting', 'ready', 'stopping'] as const;

/** A whole, valid body of each kind; `n` makes it tell itself apart. */
export function body<K extends FactKind>(
  kind: K,
  providerId: string,
  n: number,
  atMs = BASE_MS + n,
): FactMap[K] {
  const at = instantFromMs(atMs);
  const base = { providerId, at };
  const model = `org/model-${n % 3}`;
  const bodies: { [B in FactKind]: () => FactMap[B] } = {
    liveness: () => ({
      ...base,
      state: n % 2 === 0 ? 'connected' : 'reconnecting',
      since: at,
      attempt: n % 7,
      nextAttemptAt: null,
      lastSeenAt: at,
      reason: null,
      generation: 'C',
      version: null,
      hardware: null,
      monitoring: 'on',
    }),
    models: () => ({
      ...base,
      models: [0, 1, 2].map((index) => ({
        id: `org/model-${index}`,
        name: `Model ${index}`,
        description: '',
        state: STATES[(n + index) % 4] ?? 'stopped',
        since: at,
        failedAt: null,
        unlisted: false,
        peerId: null,
        aliases: [],
        capabilities: [],
        contextLength: 4096,
        ttlS: 0,
      })),
    }),
    'model-changed': () => ({
      ...base,
      model,
      from: 'stopped',
      to: STATES[n % 4] ?? 'ready',
      observed: 'live',
      failed: false,
    }),
    inflight: () => ({ ...base, total: n, requests: [] }),
    request: () => ({
      ...base,
      entryId: n,
      ts: at,
      endedAt: at,
      model,
      source: 'boochat',
      reqPath: '/v1/chat/completions',
      respContentType: null,
      statusCode: n % 5 === 0 ? 500 : 200,
      durationMs: 100 + n,
      cacheTokens: null,
      inputTokens: n,
      outputTokens: 2 * n,
      draftTokens: null,
      draftAcceptedTokens: null,
      promptTps: null,
      genTps: 10,
      hasCapture: false,
      errorMsg: null,
    }),
    perf: () => ({ ...base, ts: at, gpus: null, sys: null, gpuTs: null, sysTs: null }),
    gap: () => ({
      ...base,
      model: '*',
      state: 'gap_suspected',
      fromTs: at,
      toTs: at,
      reason: 'ring_overflow',
      missing: n,
    }),
  };
  return bodies[kind]();
}

export function fact(kind: FactKind, providerId: string, n: number, seq: number): Fact {
  return FactSchema.parse({ kind, seq, body: body(kind, providerId, n) });
}

export const ALL_KINDS: readonly FactKind[] = [
  'liveness',
  'models',
  'model-changed',
  'inflight',
  'request',
  'perf',
  'gap',
];

/** Facts of two hosts in the order of a log. */
export const anyFacts = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...ALL_KINDS),
      host: fc.constantFrom('tower', 'nas'),
      n: fc.nat(1_000),
    }),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((drawn) => drawn.map(({ kind, host, n }, index) => fact(kind, host, n, index + 1)));
