import type { FactMap, Fact, FleetState, Model, PublicProvider, Request } from '@boocontrol/contracts';
import { applyToFleet, emptyFleet, instantFromMs } from '@boocontrol/fleet-model';
import { gpu, liveness, model, perf, provider } from './hosts.js';
import { pick, randomOf } from './random.js';
import { requestsOf } from './requests.js';

export interface MadeFleet {
  providers: PublicProvider[];
  fleet: FleetState;
  /** Newest first. */
  requests: Request[];
  nextSeq: number;
}

const CHAT = [
  'qwen3-32b-Q4_K_M',
  'gpt-oss-20b-mxfp4',
  'llama-3.3-70b-IQ2_XXS',
  'gemma-3-27b-it-Q5_K_S',
  'qwen3-coder-30b-a3b-UD-Q4_K_XL',
];
const MORE = [
  'mistral-small-24b-Q6_K',
  'phi-4-Q8_0',
  'devstral-24b-Q4_K_M',
  'glm-4.5-air-Q3_K_M',
  'qwen2.5-vl-7b-F16',
  'deepseek-r1-distill-14b-Q5_K_M',
];

/** Collects facts in the order of a log, and folds them. */
class Log {
  seq = 0;
  fleet: FleetState;
  constructor(epoch: string) {
    this.fleet = emptyFleet(epoch);
  }
  add<K extends Fact['kind']>(kind: K, body: FactMap[K]): void {
    this.fleet = applyToFleet(this.fleet, { kind, seq: ++this.seq, body } as Fact);
  }
}

/** A fleet of a home: busy, swapping, without monitoring, reconnecting, down and disabled hosts. */
export function homeFleet(nowMs: number, historyRows = 1200): MadeFleet {
  const log = new Log('fixture-1');
  const at = instantFromMs(nowMs);
  const providers = [
    provider('tower', 'Tower', { tags: ['5090', 'windows'], gpuLabel: 'RTX 5090' }),
    provider('workstation', 'Workstation', { tags: ['linux'], origin: 'file' }),
    provider('mac-studio', 'Mac Studio', { tags: ['mac'] }),
    provider('embedder', 'Embedder in the cellar', { tags: ['embeddings', 'linux'], gpuLabel: 'GTX 1070' }),
    provider('laptop', 'Laptop', { tags: ['guest'] }),
    provider('nas', 'NAS', { apiKeyEnv: 'NAS_API_KEY' }),
    provider('attic', 'Attic', { enabled: false }),
  ];
  const models = (providerId: string, list: Model[]): void =>
    log.add('models', { providerId, at, models: list });
  const stopped = MORE.map((id) =>
    model(id, 'stopped', nowMs, { contextLength: id.startsWith('phi') ? 16_384 : 131_072 }),
  );

  log.add('liveness', liveness('tower', nowMs));
  models('tower', [
    model('qwen3-32b-Q4_K_M', 'ready', nowMs, { contextLength: 40_960 }),
    ...stopped,
    model('nomic-embed-text-v2-F16', 'ready', nowMs, { ttlS: 0, contextLength: 2048 }),
  ]);
  log.add(
    'liveness',
    liveness('workstation', nowMs, {
      generation: 'B',
      version: { version: 'v238', commit: null, buildDate: null },
    }),
  );
  models('workstation', [
    model('gpt-oss-20b-mxfp4', 'stopping', nowMs),
    model('qwen3-coder-30b-a3b-UD-Q4_K_XL', 'starting', nowMs, { contextLength: 262_144 }),
    model('glm-4.5-air-Q3_K_M', 'stopped', nowMs, { failedAt: instantFromMs(nowMs - 190_000) }),
    ...stopped.slice(0, 3),
  ]);
  log.add(
    'liveness',
    liveness('mac-studio', nowMs, { generation: 'A', version: null, monitoring: 'absent' }),
  );
  models('mac-studio', [
    model('llama-3.3-70b-IQ2_XXS', 'ready', nowMs, { contextLength: null, ttlS: 900 }),
    ...stopped.slice(1, 4),
  ]);
  log.add('gap', {
    providerId: 'mac-studio',
    at,
    model: '*',
    state: 'gap_suspected',
    fromTs: instantFromMs(nowMs - 660_000),
    toTs: instantFromMs(nowMs - 420_000),
    reason: 'ring_overflow',
    missing: 214,
  });
  log.add('liveness', liveness('embedder', nowMs, { monitoring: 'off' }));
  models('embedder', [model('bge-m3-Q8_0', 'ready', nowMs, { contextLength: 8192, ttlS: 0 })]);
  log.add(
    'liveness',
    liveness('laptop', nowMs, {
      state: 'reconnecting',
      since: instantFromMs(nowMs - 5000),
      attempt: 2,
      nextAttemptAt: instantFromMs(nowMs + 8000),
      lastSeenAt: instantFromMs(nowMs - 5000),
      reason: { code: 'reset', message: 'The connection was closed by the host.' },
    }),
  );
  models('laptop', [model('gemma-3-27b-it-Q5_K_S', 'ready', nowMs)]);
  log.add(
    'liveness',
    liveness('nas', nowMs, {
      state: 'down',
      since: instantFromMs(nowMs - 200_000),
      attempt: 9,
      nextAttemptAt: instantFromMs(nowMs + 21_000),
      lastSeenAt: instantFromMs(nowMs - 260_000),
      reason: {
        code: 'unauthorized',
        message: 'The host asks for an API key (401). Set NAS_API_KEY where BooControl runs, then reconnect.',
      },
    }),
  );
  models('nas', [model('phi-4-Q8_0', 'stopped', nowMs)]);

  const requests = requestsOf(
    ['tower', 'workstation', 'mac-studio', 'embedder'],
    [...CHAT, 'bge-m3-Q8_0'],
    historyRows,
    nowMs,
  );
  for (const request of requests
    .filter(({ endedAt }) => endedAt > instantFromMs(nowMs - 960_000))
    .toReversed()) {
    log.add('request', request);
  }
  for (const back of [5000, 0]) {
    log.add('perf', perf('tower', nowMs - back, [gpu(0, 'NVIDIA GeForce RTX 5090', 32_607, 0.72)], 0.7));
    log.add(
      'perf',
      perf(
        'workstation',
        nowMs - back,
        [gpu(0, 'NVIDIA GeForce RTX 3090', 24_576, 0.99), gpu(1, 'NVIDIA GeForce RTX 3090', 24_576, 0.31)],
        0.9,
      ),
    );
    log.add(
      'perf',
      perf('laptop', nowMs - 9000 - back, [gpu(0, 'NVIDIA GeForce RTX 4070 Laptop GPU', 8188, 0.2)], 0.2),
    );
  }
  const source = 'boocoder';
  const flight = (id: string, name: string, startedMs: number, more = {}) => ({
    id,
    startedAt: instantFromMs(nowMs - startedMs),
    model: name,
    reqPath: '/v1/chat/completions',
    method: 'POST',
    source,
    remoteIp: '192.168.1.9',
    respBytes: 18_000,
    ...more,
  });
  log.add('inflight', {
    providerId: 'tower',
    at,
    total: 2,
    requests: [
      flight('a1', 'qwen3-32b-Q4_K_M', 12_000),
      flight('a2', 'qwen3-32b-Q4_K_M', 3000, { source: 'boochat' }),
    ],
  });
  log.add('inflight', {
    providerId: 'workstation',
    at,
    total: 1,
    requests: [flight('b1', 'qwen3-coder-30b-a3b-UD-Q4_K_XL', 21_000, { source: 'control-bench' })],
  });
  log.add('inflight', { providerId: 'mac-studio', at, total: 1, requests: [] });
  return { providers, fleet: log.fleet, requests, nextSeq: log.seq + 1 };
}

/** Any number of hosts that look alike, for the large page. */
export function largeFleet(hosts: number, nowMs: number): MadeFleet {
  const random = randomOf(hosts);
  const log = new Log('fixture-large');
  const at = instantFromMs(nowMs);
  const providers = Array.from({ length: hosts }, (_, i) =>
    provider(`node-${i + 1}`, `Node ${i + 1}`, { tags: [pick(random, ['rack-a', 'rack-b', 'rack-c'])] }),
  );
  for (const { id } of providers) {
    const load = random();
    const down = random() < 0.03;
    log.add(
      'liveness',
      liveness(
        id,
        nowMs,
        down ? { state: 'down', attempt: 8, lastSeenAt: instantFromMs(nowMs - 600_000 * load) } : {},
      ),
    );
    log.add('models', {
      providerId: id,
      at,
      models: [
        model(pick(random, CHAT), load < 0.1 ? 'starting' : load < 0.2 ? 'stopped' : 'ready', nowMs),
        model(pick(random, MORE), 'stopped', nowMs),
      ],
    });
    log.add('perf', perf(id, nowMs, [gpu(0, 'NVIDIA L40S', 46_068, load)], load));
    log.add('inflight', { providerId: id, at, total: Math.floor(load * 3), requests: [] });
  }
  const requests = requestsOf(
    providers.slice(0, 40).map(({ id }) => id),
    CHAT,
    2000,
    nowMs,
  );
  for (const request of requests.slice(0, 300).toReversed()) log.add('request', request);
  return { providers, fleet: log.fleet, requests, nextSeq: log.seq + 1 };
}

export function noFleet(): MadeFleet {
  return { providers: [], fleet: emptyFleet('fixture-empty'), requests: [], nextSeq: 1 };
}
