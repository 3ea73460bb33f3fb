import { ACTION_QUEUE_DEPTH, type ActionEvent } from './actions.js';
import type { LogSource } from './common.js';
import type { JobEvent } from './jobs.js';
import { FACT_KINDS, type FactKind } from './facts.js';
import type { LeaseEvent } from './leases.js';

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
  /** With `discard: 'new'`: a subject that is full refuses, instead of losing its oldest message. */
  discardNewPerSubject?: boolean;
  duplicateWindowMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MB = 1024 * 1024;

const ALL = {
  facts: 'boo.fleet.>',
  logs: 'boo.logs.>',
  captures: 'boo.captures.>',
  jobs: 'boo.jobs.>',
  jobQueue: 'boo.jobq.*.*',
  actions: 'boo.actions.>',
  leases: 'boo.leases.>',
  actionQueue: 'boo.queue.*',
  routes: 'boo.routes.>',
  prompts: 'boo.prompts.*',
  dead: 'boo.dead.>',
} as const;

export const STREAM = {
  fleet: 'FLEET',
  logs: 'LOGS',
  captures: 'CAPTURES',
  jobs: 'JOBS',
  jobQueue: 'JOB_QUEUE',
  actionQueue: 'ACTION_QUEUE',
  actions: 'ACTIONS',
  leases: 'LEASES',
  routes: 'ROUTES',
  prompts: 'PROMPTS',
  dead: 'DEAD',
} as const;

export const STREAMS: readonly StreamDef[] = [
  {
    name: STREAM.fleet,
    description: 'What hosts did: the source of truth',
    subjects: [ALL.facts],
    storage: 'file',
    retention: 'limits',
    maxAgeMs: 7 * DAY_MS,
    maxBytes: 1024 * MB,
    duplicateWindowMs: 10 * MINUTE_MS,
  },
  {
    name: STREAM.logs,
    description: 'Log lines, one a message; the stream itself is the tail for late joiners',
    subjects: [ALL.logs],
    storage: 'memory',
    retention: 'limits',
    maxMsgsPerSubject: 2000,
    maxBytes: 256 * MB,
    duplicateWindowMs: 2 * MINUTE_MS,
  },
  {
    name: STREAM.captures,
    description: 'Request and answer bodies on their way to the table',
    subjects: [ALL.captures],
    storage: 'file',
    retention: 'workqueue',
    maxBytes: 256 * MB,
    discard: 'old',
    duplicateWindowMs: 10 * MINUTE_MS,
  },
  {
    name: STREAM.jobs,
    description: 'Lifecycle facts of our own jobs (benchmarks, evals)',
    subjects: [ALL.jobs],
    storage: 'file',
    retention: 'limits',
    maxAgeMs: 7 * DAY_MS,
    // The progress of one long run must not push out what became of all the others.
    maxMsgsPerSubject: 1_000,
    maxBytes: 64 * MB,
    duplicateWindowMs: 10 * MINUTE_MS,
  },
  {
    name: STREAM.jobQueue,
    description: 'Jobs waiting for their turn, a queue for each kind on each host; a full stream refuses',
    subjects: [ALL.jobQueue],
    storage: 'file',
    retention: 'workqueue',
    maxBytes: 16 * MB,
    discard: 'new',
    duplicateWindowMs: 10 * MINUTE_MS,
  },
  {
    name: STREAM.actionQueue,
    description: 'Actions waiting for their turn, a queue for each host; a full one refuses',
    subjects: [ALL.actionQueue],
    storage: 'file',
    retention: 'workqueue',
    maxMsgsPerSubject: ACTION_QUEUE_DEPTH,
    discard: 'new',
    discardNewPerSubject: true,
    duplicateWindowMs: 10 * MINUTE_MS,
  },
  {
    name: STREAM.actions,
    description: 'What became of actions',
    subjects: [ALL.actions],
    storage: 'file',
    retention: 'limits',
    maxAgeMs: 30 * DAY_MS,
    maxBytes: 128 * MB,
    duplicateWindowMs: 10 * MINUTE_MS,
  },
  {
    name: STREAM.leases,
    description: 'Who had which host to itself, and how that ended',
    subjects: [ALL.leases],
    storage: 'file',
    retention: 'limits',
    maxAgeMs: 90 * DAY_MS,
    maxBytes: 64 * MB,
    duplicateWindowMs: 10 * MINUTE_MS,
  },
  {
    name: STREAM.routes,
    description:
      'Requests to /v1 and what became of them; prompts that changed at the beginning, and those of requests that went straight to hosts',
    subjects: [ALL.routes],
    storage: 'file',
    retention: 'limits',
    maxAgeMs: 7 * DAY_MS,
    maxBytes: 512 * MB,
    duplicateWindowMs: 10 * MINUTE_MS,
  },
  {
    name: STREAM.prompts,
    description: 'How captured prompts begin, on the way to the gateway: hashes and lengths',
    subjects: [ALL.prompts],
    storage: 'file',
    retention: 'limits',
    maxAgeMs: 2 * MINUTE_MS,
    maxBytes: 64 * MB,
    duplicateWindowMs: 2 * MINUTE_MS,
  },
  {
    name: STREAM.dead,
    description: 'Messages that failed validation or processing, with the reason',
    subjects: [ALL.dead],
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

export const BUCKET = {
  providers: 'providers',
  ingestOwners: 'ingest_owners',
  hostLeases: 'host_leases',
  policies: 'policies',
  scores: 'scores',
} as const;

/** A lease whose holder was not heard of for so long is over. */
export const LEASE_TTL_MS = 30_000;

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
  {
    name: BUCKET.hostLeases,
    description: 'Who has which host to itself: provider id to LeaseEntry; one without a heartbeat is free',
    // More than happens to one host within the ttl: whoever follows the bucket sees each change, also if it lags.
    history: 64,
    ttlMs: LEASE_TTL_MS,
    storage: 'file',
  },
  {
    name: BUCKET.policies,
    description: 'Policies of /v1: name to RoutePolicy; the table of the gateway has their history',
    history: 1,
    ttlMs: 0,
    storage: 'file',
  },
  {
    name: BUCKET.scores,
    description: 'How good models are: a key of whoever measured to Score; garbled ones are left out',
    history: 1,
    ttlMs: 0,
    storage: 'file',
  },
];

/** Arguments are validated ids (ProviderIdSchema), never raw input: a subject token must not hold dots or wildcards. */
export const subjects = {
  fact: (providerId: string, kind: FactKind): string => `boo.fleet.${providerId}.${kind}`,
  factsOf: (providerId: string): string => `boo.fleet.${providerId}.>`,
  factsOfKind: (kind: FactKind): string => `boo.fleet.*.${kind}`,
  allFacts: ALL.facts,
  log: (providerId: string, source: LogSource): string => `boo.logs.${providerId}.${source}`,
  allLogs: ALL.logs,
  capture: (providerId: string): string => `boo.captures.${providerId}`,
  allCaptures: ALL.captures,
  job: (kind: string, run: string, event: JobEvent): string => `boo.jobs.${kind}.${run}.${event}`,
  allJobs: ALL.jobs,
  /** One queue for each kind on each host. */
  queuedJob: (kind: string, providerId: string): string => `boo.jobq.${kind}.${providerId}`,
  /** The queues of a kind. */
  queuedJobsOf: (kind: string): string => `boo.jobq.${kind}.*`,
  allQueuedJobs: ALL.jobQueue,
  /** A word without a body to whoever works on the job: it is to be cancelled. In no stream: its row says so, too. */
  cancelJob: (kind: string, run: string): string => `boo.jobs-cancel.${kind}.${run}`,
  /** One queue for each host. */
  queuedAction: (providerId: string): string => `boo.queue.${providerId}`,
  allQueuedActions: ALL.actionQueue,
  action: (providerId: string, event: ActionEvent): string => `boo.actions.${providerId}.${event}`,
  allActions: ALL.actions,
  lease: (providerId: string, event: LeaseEvent): string => `boo.leases.${providerId}.${event}`,
  allLeases: ALL.leases,
  /** @param policy its name, or DIRECT */
  route: (policy: string): string => `boo.routes.${policy}`,
  /** PrefixDrift; no policy has this name. */
  drift: 'boo.routes.drift',
  /** DirectPrompt; no policy may have such a name. */
  directPrompt: 'boo.routes.direct_prompt',
  allRoutes: ALL.routes,
  /** CapturedPrompt */
  prompt: (providerId: string): string => `boo.prompts.${providerId}`,
  allPrompts: ALL.prompts,
  dead: (origin: string, code: string): string => `boo.dead.${origin}.${code}`,
  /** A word without a body to every gateway: favourites or what is hidden changed in the database. In no stream. */
  marksChanged: 'boo.marks.changed',
  /** The same of API keys. */
  keysChanged: 'boo.keys.changed',
  /** A word without a body to every gateway: somebody looks, so tell what is under way. In no stream. */
  routingLook: 'boo.routing.look',
  /** GatewayRouting of one gateway, while somebody looks. In no stream. */
  routingState: 'boo.routing.state',
  /** Scatter-gather: every gateway answers with its GatewayRouting. */
  routingAsk: 'boo.rpc.routing.state',
  /** Only the gateway that has the request answers. */
  routingCancel: 'boo.rpc.routing.cancel',
  /** Scatter-gather: every service process answers with its HealthReport. */
  health: 'boo.rpc.health',
} as const;

/**
 * How the entries of a bucket lie on the bus (NATS ADR-8): the stream that holds them, and their subjects. For those who
 * follow a bucket as a stream; to read and write it, use a KV client.
 */
export const bucketStream = (bucket: string): string => `KV_${bucket}`;
export const bucketSubjects = {
  of: (bucket: string, key: string): string => `$KV.${bucket}.${key}`,
  all: (bucket: string): string => `$KV.${bucket}.>`,
  /** The key of an entry's subject. */
  keyOf: (bucket: string, subject: string): string => subject.slice(`$KV.${bucket}.`.length),
} as const;

/** Whether a subject of `boo.routes.>` tells of a request to /v1 (RouteFact), and not of a prompt. */
export function isRouteSubject(subject: string): boolean {
  return subject !== subjects.drift && subject !== subjects.directPrompt;
}

/** The host of `boo.captures.<provider>`; null for any other subject. */
export function parseCaptureSubject(subject: string): string | null {
  return /^boo\.captures\.([^.]+)$/.exec(subject)?.[1] ?? null;
}

/** Splits `boo.fleet.<provider>.<kind>`; null for any other subject. */
export function parseFactSubject(subject: string): { providerId: string; kind: FactKind } | null {
  const [boo, fleet, providerId, kind, ...rest] = subject.split('.');
  if (boo !== 'boo' || fleet !== 'fleet' || !providerId || rest.length > 0) return null;
  return FACT_KINDS.includes(kind as FactKind) ? { providerId, kind: kind as FactKind } : null;
}
