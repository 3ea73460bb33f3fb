import { nameOfPolicy, readName } from '@boocontrol/client';
import type { Model, Provider, RoutePolicy, Score } from '@boocontrol/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Grant, ModelCatalog } from '../inference/parts.js';
import { plainChat } from './ask.js';
import { decide, isCalled, listingOf } from './decide.js';
import { FleetWorld } from './fleet-world.js';
import { viewOf } from './host-view.js';
import { isLoaded } from './score.js';
import type { RoutedProvider, World } from './world.js';

/** One entry of GET /v1/models: OpenAI's fields, and what else there is to know before asking for it. */
export interface ListedModel {
  id: string;
  object: 'model';
  /** Unix seconds: when its provider was registered, its policy changed. */
  created: number;
  owned_by: string;
  /** Tokens; null: not known. */
  context_length: number | null;
  loaded: boolean;
  /** false: asked now, it would be refused. */
  available: boolean;
  /** Ids of those that list it. */
  providers: string[];
  /** How good it is, as measured; of a model that was measured only. */
  scores?: ListedScore[];
  /** Of a policy only. */
  policy?: {
    name: string;
    version: number;
    description: string;
    /** What a chat without anything special would get now. */
    chooses: { provider: string; model: string } | null;
  };
}

type ListedScore = Pick<Score, 'category' | 'mean' | 'low' | 'high' | 'n'> & { measured_at: string };

interface Place {
  routed: RoutedProvider;
  model: Model;
  isAvailable: boolean;
  isLoaded: boolean;
}

const OWN = 'boocontrol';
const seconds = (instant: string): number => Math.floor(Date.parse(instant) / 1_000);

/**
 * Everything that a client may ask for by name.
 * @param isForGateway another gateway asks: it is not told of what is behind a third one, which may well be itself
 */
export function listModels(
  world: World,
  grant: Grant | null,
  nowMs: number,
  isForGateway = false,
): ListedModel[] {
  const policies = world
    .policyNames()
    .map((name) => world.policy(name))
    .filter((policy) => policy !== null);
  const places = placesOf(world, grant, nowMs).filter(
    ({ routed: { provider }, model }) =>
      provider.enabled &&
      !(isForGateway && provider.kind === 'boocontrol-gateway') &&
      !model.unlisted &&
      !world.isHidden(provider.id, null) &&
      !world.isHidden(provider.id, model.id),
  );
  const byName = new Map<string, Place[]>();
  for (const place of places) {
    const there = byName.get(place.model.id);
    if (there === undefined) byName.set(place.model.id, [place]);
    else there.push(place);
  }
  const listing = listingOf(world);
  const bare = [...byName]
    // A name that leads elsewhere is none of a model.
    .filter(([name]) => readName(name, listing).by === 'model')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, there]) => modelOf(name, there, world));
  return [
    ...policies.map((policy) => policyOf(policy, world, grant, nowMs)),
    ...bare,
    ...places.map((place) => modelOf(`${place.routed.provider.id}/${place.model.id}`, [place], world)),
  ];
}

/** Also one that lists leave out, or an alias. null: nobody has it. */
export function findModel(world: World, id: string, grant: Grant | null, nowMs: number): ListedModel | null {
  const asked = readName(id, listingOf(world));
  if (asked.by === 'policy') {
    const policy = world.policy(asked.policy);
    return policy === null ? null : policyOf(policy, world, grant, nowMs);
  }
  const places = placesOf(world, grant, nowMs).filter(
    ({ routed: { provider }, model }) =>
      isCalled(model, asked.model) && (asked.by === 'model' || provider.id === asked.providerId),
  );
  return places.length === 0 ? null : modelOf(id, places, world);
}

function placesOf(world: World, grant: Grant | null, nowMs: number): Place[] {
  return world.providers.flatMap((routed) => {
    const view = viewOf(world, routed, { policy: null, leaseToken: null, nowMs });
    return view.models
      .filter((model) => grant === null || grant.allows(routed.provider.id, model.id, null))
      .map((model) => ({
        routed,
        model,
        isAvailable: view.filter === null && model.available !== false,
        isLoaded: view.filter === null && isLoaded(view, model),
      }));
  });
}

function modelOf(id: string, places: readonly Place[], world: World): ListedModel {
  const contexts = places.flatMap(({ model }) => model.contextLength ?? []);
  const providers = places.map(({ routed }) => routed.provider);
  // Of an alias, what was measured of the models that it stands for.
  const [name = id] = new Set(places.map(({ model }) => model.id));
  const measured = world.scoresOf(name);
  return {
    id,
    object: 'model',
    created: Math.min(...providers.map(({ createdAt }) => seconds(createdAt))),
    owned_by: ownerOf(providers),
    // A request that fits nowhere else goes where it fits.
    context_length: contexts.length === 0 ? null : Math.max(...contexts),
    loaded: places.some((place) => place.isLoaded),
    available: places.some((place) => place.isAvailable),
    providers: providers.map((provider) => provider.id),
    ...(measured.length === 0 ? {} : { scores: measured.map(listedScore) }),
  };
}

const listedScore = ({ category, mean, low, high, n, measuredAt }: Score): ListedScore => ({
  category,
  mean,
  low,
  high,
  n,
  measured_at: measuredAt,
});

function ownerOf([first, ...others]: readonly Pick<Provider, 'id'>[]): string {
  return first !== undefined && others.length === 0 ? first.id : OWN;
}

function policyOf(
  { name, version, description, updatedAt }: RoutePolicy,
  world: World,
  grant: Grant | null,
  nowMs: number,
): ListedModel {
  const id = nameOfPolicy(name);
  const decision = decide(world, { ...plainChat(id), grant }, nowMs);
  const chosen = decision.ok ? (decision.choice.targets[0] ?? null) : null;
  const model = chosen && world.host(chosen.providerId)?.models.find((each) => each.id === chosen.model);
  return {
    id,
    object: 'model',
    created: seconds(updatedAt),
    owned_by: OWN,
    context_length: model?.contextLength ?? null,
    loaded: chosen?.isLoaded ?? false,
    available: chosen !== null,
    providers: chosen === null ? [] : [chosen.providerId],
    policy: {
      name,
      version,
      description,
      chooses: chosen === null ? null : { provider: chosen.providerId, model: chosen.model },
    },
  };
}

/** GET /v1/models and /v1/models/{id}. */
@Injectable()
export class FleetModels implements ModelCatalog {
  constructor(@Inject(FleetWorld) private readonly world: FleetWorld) {}

  list(grant: Grant | null, nowMs: number, isForGateway: boolean): { object: 'list'; data: ListedModel[] } {
    return { object: 'list', data: listModels(this.world, grant, nowMs, isForGateway) };
  }

  find(id: string, grant: Grant | null, nowMs: number): ListedModel | null {
    return findModel(this.world, id, grant, nowMs);
  }
}
