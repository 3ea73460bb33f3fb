import { readName, type Listing } from '@boocontrol/client';
import { RoutePolicyInputSchema, type Model, type RouteCandidate } from '@boocontrol/contracts';
import type { Ask, Choice, Decider, Refusal, Target } from '../inference/parts.js';
import { gather, passingOf, recordOf, type Candidates, type Passing } from './candidates.js';
import { modelFilter } from './filters.js';
import { viewOf } from './host-view.js';
import { knownModel } from './known-model.js';
import type { Circumstances } from './reasons.js';
import { nobody, notFound, refusal, shown, unknownPolicy } from './refusals.js';
import { isLoaded } from './score.js';
import type { RoutedProvider, World } from './world.js';

export type Decision = ReturnType<Decider['decide']>;

/** A record holds so many candidates. */
const RECORDED = 64;
const { attempts: ATTEMPTS, firstByteS: FIRST_BYTE_S } = RoutePolicyInputSchema.shape;
/** As a policy has them that does not say: for models that are asked for by name. */
const DEFAULTS = { attempts: ATTEMPTS.parse(undefined), firstByteS: FIRST_BYTE_S.parse(undefined) };

/** Who is asked, and why: the same world and the same request give the same answer. @param max candidates that are told */
export function decide(world: World, ask: Ask, nowMs: number, max = RECORDED): Decision {
  const asked = readName(ask.model, listingOf(world));
  if (asked.by === 'policy') {
    const policy = world.policy(asked.policy);
    if (policy === null) return refused(unknownPolicy(asked.policy, world.policyNames()), []);
    const circumstances = { world, ask, policy, nowMs };
    return settle(gather(world.providers, null, circumstances, max), circumstances, max);
  }
  const circumstances = { world, ask, policy: null, nowMs };
  if (asked.by === 'model') {
    const candidates = gather(world.providers, (model) => isCalled(model, asked.model), circumstances, max);
    if (candidates.passing.length + candidates.leftOut.length === 0)
      return refused(notFound(asked.model, 'GET /v1/models lists what there is.'), []);
    return settle(candidates, circumstances, max);
  }
  const routed = world.providers.find(({ provider }) => provider.id === asked.providerId);
  if (routed === undefined) return refused(notFound(ask.model, 'GET /v1/models lists what there is.'), []);
  return there(routed, asked.model, circumstances, max);
}

export const isCalled = ({ id, aliases }: Model, name: string): boolean =>
  id === name || (aliases.length > 0 && aliases.includes(name));

export function listingOf(world: World): Listing {
  const lists = (providerId: string, name: string): boolean =>
    (world.host(providerId)?.models ?? []).some((model) => isCalled(model, name));
  return {
    hasProvider: (id) => world.providers.some(({ provider }) => provider.id === id),
    lists,
    isListed: (name) => world.providers.some(({ provider }) => lists(provider.id, name)),
  };
}

/** One model on one provider: nobody else is ever asked. */
function there(routed: RoutedProvider, name: string, circumstances: Circumstances, max: number): Decision {
  const listed = gather([routed], (model) => isCalled(model, name), circumstances, max);
  if (listed.passing.length + listed.leftOut.length > 0) return settle(listed, circumstances, max, false);
  const { world, ask, nowMs } = circumstances;
  const view = viewOf(world, routed, { policy: null, leaseToken: ask.leaseToken, nowMs });
  const known = knownModel(unlisted(name));
  const { id, kind } = routed.provider;
  // Services take names that they do not list, our list of theirs may be cut, and another BooControl has more names than one
  // for a model: whether it has this one, it says itself.
  if (view.filter === null && kind === 'llama-swap')
    return refused(
      refusal(
        'model_not_found',
        `${id} has no model "${shown(name)}". GET /v1/models lists what there is; no other host is asked in its place.`,
      ),
      [],
    );
  const filter = view.filter ?? modelFilter(world, routed.provider, known, ask, circumstances);
  const candidates: Candidates =
    filter === null
      ? { passing: [passingOf(view, known, circumstances)], leftOut: [] }
      : { passing: [], leftOut: [{ view, model: known.model, filter }] };
  return settle(candidates, circumstances, max, false);
}

function unlisted(id: string): Model {
  return {
    id,
    name: id,
    description: '',
    state: 'unknown',
    since: null,
    failedAt: null,
    unlisted: true,
    peerId: null,
    aliases: [],
    capabilities: [],
    contextLength: null,
    ttlS: null,
  };
}

function settle(
  candidates: Candidates,
  circumstances: Circumstances,
  max: number,
  isChosenFrom = true,
): Decision {
  const { policy, ask } = circumstances;
  const record = recordOf(candidates, circumstances, max, isChosenFrom);
  if (candidates.passing.length === 0) return refused(nobody(candidates.leftOut, circumstances), record);
  const { attempts, firstByteS } = policy ?? DEFAULTS;
  const choice: Choice = {
    policy,
    targets: candidates.passing.map(targetOf),
    candidates: record,
    attempts,
    firstByteMs: firstByteS * 1_000,
    budgetMs: policy?.budgetS == null ? null : policy.budgetS * 1_000,
    // Whoever holds a lease means the host that it holds.
    hedgeAfterMs: ask.leaseToken === null ? (policy?.hedgeAfterMs ?? null) : null,
  };
  return { ok: true, choice };
}

function refused(reason: Refusal, candidates: readonly RouteCandidate[]): Decision {
  return { ok: false, refusal: { ...reason, candidates } };
}

function targetOf({ view, model }: Passing): Target {
  const { provider, headers } = view.routed;
  return {
    providerId: provider.id,
    kind: provider.kind,
    baseUrl: provider.baseUrl,
    model: model.id,
    headers,
    slots: view.slots,
    isLoaded: isLoaded(view, model),
  };
}
