import { nameOfPolicy } from '@boocontrol/client';
import type { Model, RouteFilter, RoutePolicy } from '@boocontrol/contracts';
import { instantToMs, priceOf } from '@boocontrol/fleet-model';
import type { Ask } from '../inference/parts.js';
import { abilitiesOf } from './ability.js';
import { LOAD_FAILED_MS, tokensOf } from './filters.js';
import type { HostView } from './host-view.js';
import type { World } from './world.js';

export interface LeftOut {
  view: HostView;
  model: Model;
  filter: RouteFilter;
}

export interface Circumstances {
  world: World;
  ask: Ask;
  policy: RoutePolicy | null;
  nowMs: number;
}

/** Why a candidate was left out, in a sentence. */
export function sentenceOf(
  { view, model, filter }: LeftOut,
  { world, ask, policy, nowMs }: Circumstances,
): string {
  const { provider, problem } = view.routed;
  const { id } = provider;
  switch (filter) {
    case 'offline':
      return model.available === false && view.filter === null
        ? `${id} says that it cannot serve ${model.id} now.`
        : (problem ?? offline(view));
    case 'unhealthy': {
      const trial = world.health.mayTry(id, model.id, nowMs);
      const again = trial.ok ? '' : `; it is tried again in ${seconds(trial.retryAtMs - nowMs)}`;
      return `${model.id} on ${id} failed too often just now${again}.`;
    }
    case 'disabled':
      return `${id} is switched off in the registry.`;
    case 'maintenance': {
      const { note = null, until } = provider.maintenance ?? {};
      const end = until === undefined ? '' : ` until ${until.slice(0, 16)}Z`;
      return `${id} is in maintenance${end}${note === null ? '' : ` (${note})`}.`;
    }
    case 'leased':
      return `${view.lease?.holder ?? 'Somebody'} has ${id} for “${view.lease?.purpose ?? 'something'}”.`;
    case 'load_failed':
      return `The last load of ${model.id} on ${id} failed ${seconds(nowMs - instantToMs(model.failedAt ?? ''))} ago.`;
    case 'context_too_long':
      return `The request needs about ${tokensOf(ask, world, model.id) ?? 0} tokens, ${model.id} on ${id} has ${model.contextLength ?? 0}.`;
    case 'capability_missing': {
      const abilities = abilitiesOf(model);
      const missing = [...ask.needs].filter((need) => abilities[need] === 'no');
      return `${model.id} is not made for this (${missing.join(', ')}).`;
    }
    case 'key_forbidden':
      return `The API key does not allow ${model.id} on ${id}.`;
    case 'too_expensive': {
      const price = priceOf(provider, model.id);
      const costs = price === null ? 'is not known' : `is $${price.output}`;
      return `The price of ${model.id} on ${id} ${costs} for a million tokens; ${nameOfPolicy(policy?.name ?? '')} takes at most $${policy?.maxPrice ?? 0}.`;
    }
    case 'policy_excludes':
      return excluded(id, model.id, world, policy);
  }
}

function offline({ routed, state }: HostView): string {
  const { id } = routed.provider;
  const liveness = state?.liveness ?? null;
  if (liveness === null) return `${id} has not been reached yet.`;
  return `${id} is not connected${liveness.reason === null ? '.' : `: ${liveness.reason.message}`}`;
}

function excluded(id: string, model: string, world: World, policy: RoutePolicy | null): string {
  if (world.isHidden(id, null)) return `${id} is hidden; only its name leads to it.`;
  if (world.isHidden(id, model)) return `${model} on ${id} is hidden; only its name leads to it.`;
  return `${nameOfPolicy(policy?.name ?? '')} leaves ${model} on ${id} out.`;
}

const seconds = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1_000))} s`;

/** Seconds after which it may be otherwise; null: not by itself. */
export function retryAfterS(
  { view, model, filter }: LeftOut,
  { world, nowMs }: Pick<Circumstances, 'world' | 'nowMs'>,
): number | null {
  const inS = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));
  switch (filter) {
    case 'offline':
      return 10;
    case 'leased':
      return 30;
    case 'unhealthy': {
      const trial = world.health.mayTry(view.routed.provider.id, model.id, nowMs);
      return trial.ok ? 1 : inS(trial.retryAtMs - nowMs);
    }
    case 'load_failed':
      return inS(instantToMs(model.failedAt ?? '') + LOAD_FAILED_MS - nowMs);
    case 'maintenance': {
      const { until } = view.routed.provider.maintenance ?? {};
      return until === undefined ? null : inS(instantToMs(until) - nowMs);
    }
    default:
      return null;
  }
}
