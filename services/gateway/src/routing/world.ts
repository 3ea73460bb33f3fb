import type { HostState, Model, Provider, RoutePolicy, Score } from '@boocontrol/contracts';
import type { TargetHealth } from '../inference/parts.js';

/** A provider as requests are sent to it. */
export interface RoutedProvider {
  provider: Provider;
  /** What it wants to be let in. */
  headers: Readonly<Record<string, string>>;
  /** Why it cannot be asked at all, in words (its API key is missing); null: it can. */
  problem: string | null;
}

/** What a model on a host did lately. */
export interface Figures {
  /** Tokens a second of its answers, the newer ones counting more; null: not told. */
  genTps: number | null;
  /** Milliseconds until their first token, the newer ones counting more; null: not told. */
  ttftMs: number | null;
  /** Median milliseconds of a load; null: none was followed. */
  loadMs: number | null;
}

/** How well a model does something, as measured. The lower end of its interval, 0 to 1, is what counts. */
export type Quality = Pick<Score, 'low'> & Partial<Score>;

export interface HostLease {
  holder: string;
  purpose: string;
  fencingToken: string;
}

/** Where a session was last. */
export interface LastPlace {
  providerId: string;
  model: string;
}

/** Everything a decision is made of, at one moment. Nothing here waits. */
export interface World {
  /** By id. */
  providers: readonly RoutedProvider[];
  host(providerId: string): HostState | undefined;
  /** The newest version; null: there is none of that name. */
  policy(name: string): RoutePolicy | null;
  /** Names of all of them. */
  policyNames(): readonly string[];
  figures(providerId: string, model: string): Figures | null;
  /** Bytes of a request's body for each token of its prompt, measured; null: too little is known of the model. */
  bytesPerToken(model: string): number | null;
  /**
   * null: it was never measured. @param category null: the overall one
   * @param providerId what was measured there comes before what was measured elsewhere
   */
  quality(model: string, category: string | null, providerId: string): Quality | null;
  /** All that was measured of a model, the overall one first. */
  scoresOf(model: string): readonly Score[];
  health: TargetHealth;
  /** null: nobody has the host to itself. */
  lease(providerId: string, nowMs: number): HostLease | null;
  lastOf(session: string): LastPlace | null;
  /** Left out of lists by people. @param model null: the host itself */
  isHidden(providerId: string, model: string | null): boolean;
}

/** The same world with one policy that is another, or new. */
export const withPolicy = (world: World, policy: RoutePolicy): World => ({
  providers: world.providers,
  health: world.health,
  host: (id) => world.host(id),
  policy: (name) => (name === policy.name ? policy : world.policy(name)),
  policyNames: () => [...new Set([...world.policyNames(), policy.name])],
  figures: (providerId, model) => world.figures(providerId, model),
  bytesPerToken: (model) => world.bytesPerToken(model),
  quality: (model, category, providerId) => world.quality(model, category, providerId),
  scoresOf: (model) => world.scoresOf(model),
  lease: (providerId, nowMs) => world.lease(providerId, nowMs),
  lastOf: (session) => world.lastOf(session),
  isHidden: (providerId, model) => world.isHidden(providerId, model),
});

/** Requests at the same time, where nothing tells how many a model's server takes. */
const SLOTS = 4;
/** Those services have their own limits, and say so with 429. */
const SERVICE_SLOTS = 64;

/** Requests that a host takes at the same time: what its loaded models take together, as far as it is told. */
export function slotsOf({ kind }: Pick<Provider, 'kind'>, models: readonly Model[]): number {
  if (kind !== 'llama-swap') return SERVICE_SLOTS;
  let [all, isTold] = [0, false];
  for (const { state, peerId, slots } of models) {
    if (state !== 'ready' || peerId !== null) continue;
    all += slots ?? SLOTS;
    if (slots !== undefined) isTold = true;
  }
  return isTold ? all : SLOTS;
}
