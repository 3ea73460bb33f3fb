/** The bus: streams, buckets and subjects. Names are public (docs/events.md). */

export interface StreamDef {
  name: string;
  description: string;
  subjects: string[];
  storage: 'file' | 'memory';
  retention: 'limits' | 'workqueue';
  /** 0 or absent: no limit. */
  maxAgeMs?: number;
  maxBytes?: number;
  maxMsgsPerSubject?: number;
  discard?: 'old' | 'new';
  duplicateWindowMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MB = 1024 * 1024;

export const STREAM = {
  fleet: 'FLEET',
  logs: 'LOGS',
  captures: 'CAPTURES',
  jobs: 'JOBS',
  dead: 'DEAD',
} as const;

export const STREAMS: readonly StreamDef[] = [
  {
    name: STREAM.fleet,
    description: 'What hosts did: the source of truth',
    subjects: ['boo.fleet.>'],
    storage: 'file',
    retention: 'limits',
    maxAgeMs: 7 * DAY_MS,
    maxBytes: 1024 * MB,
    duplicateWindowMs: 10 * MINUTE_MS,
  },
  {
    name: STREAM.logs,
    description: 'Log lines, one a message; the stream itself is the tail for late joiners',
    subjects: ['boo.logs.>'],
    storage: 'memory',
    retention: 'limits',
    maxMsgsPerSubject: 2000,
    maxBytes: 256 * MB,
    duplicateWindowMs: 2 * MINUTE_MS,
  },
  {
    name: STREAM.captures,
    description: 'Request and answer bodies on their way to the table',
    subjects: ['boo.captures.>'],
    storage: 'file',
    retention: 'workqueue',
    maxBytes: 256 * MB,
    discard: 'old',
    duplicateWindowMs: 10 * MINUTE_MS,
  },
  {
    name: STREAM.jobs,
    description: 'Lifecycle facts of our own jobs (benchmarks, evals)',
    subjects: ['boo.jobs.>'],
    storage: 'file',
    retention: 'limits',
    maxAgeMs: 7 * DAY_MS,
    maxBytes: 64 * MB,
    duplicateWindowMs: 2 * MINUTE_MS,
  },
  {
    name: STREAM.dead,
    description: 'Messages that failed validation or processing, with the reason',
    subjects: ['boo.dead.>'],
    storage: 'file',
    retention: 'limits',
    maxAgeMs: 14 * DAY_MS,
    maxBytes: 64 * MB,
    duplicateWindowMs: 2 * MINUTE_MS,
  },
];

export interface BucketDef {
  name: string;
  description: string;
  /** Revisions kept of each key. */
  history: number;
  /** Keys vanish this long after their last write; 0 = never. */
  ttlMs: number;
  storage: 'file' | 'memory';
}

export const BUCKET = { providers: 'providers', ingestOwners: 'ingest_owners' } as const;

export const BUCKETS: readonly BucketDef[] = [
  {
    name: BUCKET.providers,
    description: 'Provider registry: id to Provider',
    history: 5,
    ttlMs: 0,
    storage: 'file',
  },
  {
    name: BUCKET.ingestOwners,
    description: 'Which ingest process holds which host; a key not renewed in time is free',
    history: 1,
    ttlMs: 8_000,
    // On disk: a restart of the bus must not free what is still held.
    storage: 'file',
  },
];

export const FACT_KINDS = [
  'liveness',
  'models',
  'model-changed',
  'inflight',
  'request',
  'perf',
  'gap',
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

export type LogSource = 'proxy' | 'upstream';

/** Arguments are validated ids (ProviderIdSchema), never raw input: a subject token must not hold dots or wildcards. */
export const subjects = {
  fact: (providerId: string, kind: FactKind): string => `boo.fleet.${providerId}.${kind}`,
  factsOf: (providerId: string): string => `boo.fleet.${providerId}.>`,
  allFacts: 'boo.fleet.>',
  log: (providerId: string, source: LogSource): string => `boo.logs.${providerId}.${source}`,
  allLogs: 'boo.logs.>',
  capture: (providerId: string): string => `boo.captures.${providerId}`,
  allCaptures: 'boo.captures.>',
  job: (kind: string, run: string, event: string): string => `boo.jobs.${kind}.${run}.${event}`,
  allJobs: 'boo.jobs.>',
  dead: (origin: string, code: string): string => `boo.dead.${origin}.${code}`,
  /** Scatter-gather: every service process answers with its HealthReport. */
  health: 'boo.rpc.health',
} as const;

/** Splits `boo.fleet.<provider>.<kind>`; null for any other subject. */
export function parseFactSubject(subject: string): { providerId: string; kind: FactKind } | null {
  const [boo, fleet, providerId, kind, ...rest] = subject.split('.');
  if (boo !== 'boo' || fleet !== 'fleet' || !providerId || rest.length > 0) return null;
  return FACT_KINDS.includes(kind as FactKind) ? { providerId, kind: kind as FactKind } : null;
}
