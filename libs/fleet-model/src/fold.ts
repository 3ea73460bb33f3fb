import type {
  Fact,
  FactKind,
  FleetState,
  HostState,
  Model,
  ModelChanged,
  Request,
  Seed,
  Slice,
} from '@boocontrol/contracts';
import { addToBuckets } from './throughput.js';
import { laterOf } from './time.js';

/**
 * The fold. A host is six slices that never look at each other; a fact belongs to one slice and is taken only when
 * its stream sequence is newer than the slice's. So facts may come twice, and facts of different slices in any
 * order, and the state is the same: snapshot(n) then facts n+1..m is snapshot(m).
 */
const SLICE_OF = {
  liveness: 'liveness',
  models: 'models',
  'model-changed': 'models',
  inflight: 'inflight',
  request: 'requests',
  perf: 'perf',
  gap: 'gap',
} as const satisfies Record<FactKind, Slice>;

/** The slice of a host that facts of this kind change. */
export function sliceOf(kind: FactKind): Slice {
  return SLICE_OF[kind];
}

/** A host of which nothing is known: every sequence is -1, before the first of a stream. */
export function emptyHost(providerId: string): HostState {
  return {
    providerId,
    seqs: { liveness: -1, models: -1, inflight: -1, perf: -1, requests: -1, gap: -1 },
    liveness: null,
    models: [],
    inflight: null,
    perf: null,
    requests: { buckets: [], lastEndByModel: {} },
    gap: null,
  };
}

/** @param epoch names the log that sequences count in; another log has another */
export function emptyFleet(epoch: string): FleetState {
  return { epoch, hosts: {} };
}

/**
 * The host after a fact. The same reference comes back when the fact is not newer than its slice. Facts are parsed
 * before they come here; of a parsed one it never throws.
 */
export function applyFact(host: HostState, fact: Fact): HostState {
  const slice = sliceOf(fact.kind);
  if (fact.seq <= host.seqs[slice]) return host;
  const seqs = { ...host.seqs, [slice]: fact.seq };
  switch (fact.kind) {
    case 'liveness':
      return { ...host, seqs, liveness: fact.body };
    case 'models':
      return { ...host, seqs, models: fact.body.models };
    case 'model-changed':
      return { ...host, seqs, models: changeModel(host.models, fact.body) };
    case 'inflight':
      return { ...host, seqs, inflight: fact.body };
    case 'perf':
      return { ...host, seqs, perf: fact.body };
    case 'gap':
      return { ...host, seqs, gap: fact.body };
    case 'request':
      return { ...host, seqs, requests: addRequest(host.requests, fact.body) };
  }
}

/** applyFact for the host that the fact is of, which is made when it is new. */
export function applyToFleet(fleet: FleetState, fact: Fact): FleetState {
  const id = fact.body.providerId;
  const before = own(fleet.hosts, id) ?? emptyHost(id);
  const after = applyFact(before, fact);
  return after === before ? fleet : { ...fleet, hosts: { ...fleet.hosts, [id]: after } };
}

/** Names come from outside: `constructor` must not find what every object has. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/**
 * The list after one model's state changed; what else is known of it (ttl, context …) comes whole with the next `models`
 * fact. Never throws.
 */
export function changeModel(models: Model[], change: ModelChanged): Model[] {
  const known = models.find((model) => model.id === change.model);
  if (change.to === 'absent') return known ? models.filter((model) => model !== known) : models;
  const failedAt = change.failed ? change.at : change.to === 'ready' ? null : (known?.failedAt ?? null);
  const changed: Model = {
    ...(known ?? bareModel(change.model)),
    state: change.to,
    since: change.from === null ? null : change.at,
    failedAt,
  };
  return known ? models.map((model) => (model === known ? changed : model)) : [...models, changed];
}

function bareModel(id: string): Model {
  return {
    id,
    name: id,
    description: '',
    state: 'unknown',
    since: null,
    failedAt: null,
    unlisted: false,
    peerId: null,
    aliases: [],
    capabilities: [],
    contextLength: null,
    ttlS: null,
  };
}

/** A host may make up model names; only so many are remembered, the longest unused go first. */
const MODELS_REMEMBERED = 500;

function addRequest(requests: HostState['requests'], request: Request): HostState['requests'] {
  const known = own(requests.lastEndByModel, request.model);
  const ends = {
    ...requests.lastEndByModel,
    [request.model]: known ? laterOf(known, request.endedAt) : request.endedAt,
  };
  return { buckets: addToBuckets(requests.buckets, request), lastEndByModel: bounded(ends) };
}

function bounded(ends: Record<string, string>): Record<string, string> {
  const entries = Object.entries(ends);
  if (entries.length <= MODELS_REMEMBERED) return ends;
  entries.sort(([modelA, a], [modelB, b]) => (a < b ? 1 : a > b ? -1 : modelA < modelB ? -1 : 1));
  return Object.fromEntries(entries.slice(0, MODELS_REMEMBERED));
}

const SLICES = ['liveness', 'models', 'inflight', 'perf', 'gap'] as const;

/** Slice by slice the newer one. Facts that came before the snapshot must be applied after it (they wait in a buffer). */
export function mergeHost(local: HostState | undefined, snapshot: HostState): HostState {
  if (!local) return snapshot;
  let merged = snapshot;
  for (const slice of [...SLICES, 'requests'] as const) {
    if (local.seqs[slice] > snapshot.seqs[slice]) {
      merged = { ...merged, [slice]: local[slice], seqs: { ...merged.seqs, [slice]: local.seqs[slice] } };
    }
  }
  return merged;
}

/** Hosts that the snapshot does not have are gone. A snapshot of another epoch replaces everything. */
export function mergeFleet(local: FleetState, snapshot: FleetState): FleetState {
  if (local.epoch !== snapshot.epoch) return snapshot;
  const hosts: FleetState['hosts'] = {};
  for (const [id, host] of Object.entries(snapshot.hosts)) hosts[id] = mergeHost(own(local.hosts, id), host);
  return { epoch: snapshot.epoch, hosts };
}

/** Fills, from the tables, what the log did not have. Sequences stay: whatever the log says later is newer. */
export function seedHost(host: HostState, seed: Seed['hosts'][number]): HostState {
  let { models, perf, gap, requests } = host;
  if (host.seqs.models === -1) {
    models = seed.models
      .filter(({ state }) => state !== 'absent')
      .map(({ model, state, ts }) => ({ ...bareModel(model), state, since: ts }));
  }
  if (host.seqs.perf === -1) perf = seed.perf;
  if (host.seqs.gap === -1 && seed.gap) {
    const { fromTs, toTs, reason, missing = null } = seed.gap;
    gap = {
      providerId: host.providerId,
      at: toTs,
      model: '*',
      state: 'gap_suspected',
      fromTs,
      toTs,
      reason,
      missing,
    };
  }
  if (host.seqs.requests === -1) {
    requests = seed.recent.reduce(addRequest, { buckets: [], lastEndByModel: {} });
  }
  const ends = { ...requests.lastEndByModel };
  for (const [model, end] of Object.entries(seed.lastEndByModel)) {
    const known = own(ends, model);
    ends[model] = known ? laterOf(known, end) : end;
  }
  return { ...host, models, perf, gap, requests: { ...requests, lastEndByModel: bounded(ends) } };
}
