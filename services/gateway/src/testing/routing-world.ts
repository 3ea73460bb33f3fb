import {
  ProviderSchema,
  RoutePolicyInputSchema,
  type HostState,
  type Model,
  type Provider,
  type RoutePolicy,
  type Score,
} from '@boocontrol/contracts';
import { emptyHost, instantFromMs } from '@boocontrol/fleet-model';
import type { Ask } from '../inference/parts.js';
import type { Figures, HostLease, LastPlace, Quality, World } from '../routing/world.js';
import { body } from './facts.js';

export const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const NOW = instantFromMs(NOW_MS);

export function aModel(id: string, over: Partial<Model> = {}): Model {
  return {
    id,
    name: id,
    description: '',
    state: 'ready',
    since: null,
    failedAt: null,
    unlisted: false,
    peerId: null,
    aliases: [],
    capabilities: [],
    contextLength: 32_768,
    ttlS: null,
    ...over,
  };
}

export interface HostGiven {
  models?: (string | Model)[];
  provider?: Partial<Provider>;
  state?: Partial<HostState>;
  inFlight?: number;
  /** null: never stated. */
  liveness?: Partial<NonNullable<HostState['liveness']>> | null;
  lease?: HostLease;
  problem?: string;
}

export function aPolicy(name: string, over: Partial<RoutePolicy> = {}): RoutePolicy {
  const weights = { quality: 1, speed: 1, readiness: 1, load: 1, affinity: 1, price: 1 };
  return {
    ...RoutePolicyInputSchema.parse({ weights }),
    name,
    version: 1,
    isBuiltIn: false,
    updatedAt: NOW,
    ...over,
  };
}

export interface WorldGiven {
  hosts: Record<string, HostGiven>;
  policies?: RoutePolicy[];
  /** By `<provider>/<model>`. */
  figures?: Record<string, Partial<Figures>>;
  /** By model; absent: too little is known. */
  bytesPerToken?: Record<string, number>;
  quality?: Record<string, Quality>;
  scores?: Score[];
  /** `<provider>/<model>` whose breaker is open until then. */
  open?: Record<string, number>;
  load?: Record<string, number>;
  last?: Record<string, LastPlace>;
  /** `<provider>` or `<provider>/<model>`. */
  hidden?: string[];
}

/** A world at rest; hosts that are named are connected, and have the models that are given. */
export function aWorld(given: WorldGiven): World {
  const entries = Object.entries(given.hosts).sort(([a], [b]) => (a < b ? -1 : 1));
  const hosts = new Map(entries.map(([id, host]) => [id, stateOf(id, host)]));
  const policies = new Map((given.policies ?? [aPolicy('auto')]).map((one) => [one.name, one]));
  return {
    providers: entries.map(([id, host]) => ({
      provider: ProviderSchema.parse({
        id,
        kind: 'llama-swap',
        baseUrl: `http://${id}:8080`,
        label: id,
        enabled: true,
        tags: [],
        origin: 'api',
        createdAt: NOW,
        updatedAt: NOW,
        ...host.provider,
      }),
      headers: {},
      problem: host.problem ?? null,
    })),
    host: (id) => hosts.get(id),
    policy: (name) => policies.get(name) ?? null,
    policyNames: () => [...policies.keys()],
    figures: (provider, model) => {
      const told = given.figures?.[`${provider}/${model}`];
      return told === undefined ? null : { genTps: null, ttftMs: null, loadMs: null, ...told };
    },
    bytesPerToken: (model) => given.bytesPerToken?.[model] ?? null,
    quality: (model) => given.quality?.[model] ?? null,
    scoresOf: (model) => given.scores?.filter((score) => score.model === model) ?? [],
    health: {
      mayTry: (provider, model) => {
        const retryAtMs = given.open?.[`${provider}/${model}`];
        return retryAtMs === undefined ? { ok: true } : { ok: false, retryAtMs };
      },
      load: (provider) => given.load?.[provider] ?? 0,
    },
    lease: (id) => given.hosts[id]?.lease ?? null,
    lastOf: (session) => given.last?.[session] ?? null,
    isHidden: (provider, model) =>
      given.hidden?.includes(model === null ? provider : `${provider}/${model}`) ?? false,
  };
}

function stateOf(id: string, { models = [], state, inFlight = 0, liveness }: HostGiven): HostState {
  const connected = { ...body('liveness', id, 0, NOW_MS), reason: null };
  return {
    ...emptyHost(id),
    liveness: liveness === null ? null : { ...connected, ...liveness },
    models: models.map((model) => (typeof model === 'string' ? aModel(model) : model)),
    inflight: { providerId: id, at: NOW, total: inFlight, requests: [] },
    ...state,
  };
}

export function anAsk(model: string, over: Partial<Ask> = {}): Ask {
  return {
    model,
    needs: new Set(['chat']),
    requestBytes: 400,
    maxTokens: null,
    session: null,
    leaseToken: null,
    grant: null,
    ...over,
  };
}
