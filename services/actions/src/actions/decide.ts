import { unavailable } from '@boocontrol/platform';
import {
  CONFIRMABLE,
  type actionRefusals,
  type HostState,
  type Instant,
  type Model,
  type Problem,
  type Provider,
} from '@boocontrol/contracts';
import { findModel, instantToMs } from '@boocontrol/fleet-model';
import { noHost } from '../availability/no-host.js';
import { isLoaded, type Asked } from './asked.js';

/** An action whose turn it is and that nobody began for so long is not begun any more. */
export const HEAD_WAIT_MS = 60_000;

/** What speaks against asking a host for something; the codes are those of `calls.submitAction`. */
export interface Objection extends Problem {
  code: keyof typeof actionRefusals.errors;
}

/** Somebody has the host to themselves. */
export interface LeaseInTheWay {
  fencingToken: string;
  /** Who, for what, until when, in words. */
  objection: Objection;
}

/** What is known of a host at one moment. */
export interface World {
  /** null: it is not registered. */
  provider: Pick<Provider, 'id' | 'kind' | 'label' | 'enabled' | 'maintenance' | 'protectedModels'> | null;
  /** null: nothing was stated of it yet. */
  host: Pick<HostState, 'liveness' | 'models' | 'inflight'> | null;
  /** null: nobody holds it. */
  lease: LeaseInTheWay | null;
}

export type Decision = { do: 'run' } | { do: 'skip'; reason: Problem };

/** Whose turn it is, by the clock of the database. */
export interface Turn {
  /** The later of when it was asked for and when the action before it on its host ended. */
  headSince: Instant;
  now: Instant;
}

/** What becomes of an action when its turn has come. */
export function decide(asked: Asked, world: World, { headSince, now }: Turn): Decision {
  const reason =
    objectionTo(asked, world) ??
    needless(asked, world.host?.models ?? []) ??
    (instantToMs(now) - instantToMs(headSince) > HEAD_WAIT_MS ? WAITED : null);
  return reason === null ? { do: 'run' } : { do: 'skip', reason };
}

const WAITED: Problem = {
  code: 'waited_too_long',
  message: `It was its turn, and for more than ${HEAD_WAIT_MS / 1_000} s nobody began with it. Ask again if it is still wanted.`,
};

/** Why it need not be done: the host is as it is to be. null: it is not. */
export function needless({ kind, model }: Asked, models: readonly Model[]): Problem | null {
  const state = model === null ? undefined : findModel(models, model)?.state;
  if (kind === 'warm' && state === 'ready')
    return { code: 'already_ready', message: `${model} is loaded already.` };
  if (kind === 'unload' && state !== undefined && !isLoaded(state))
    return { code: 'already_stopped', message: `${model} is not loaded, so there is nothing to stop.` };
  if (kind === 'unload-all' && !models.some((one) => one.peerId === null && isLoaded(one.state)))
    return { code: 'already_stopped', message: 'No model is loaded, so there is nothing to stop.' };
  return null;
}

/** What speaks against it now, worst first; null: nothing. What `confirm` overrides is left out when it is confirmed. */
export function objectionTo(asked: Asked, world: World): Objection | null {
  const { provider, host } = world;
  if (provider === null)
    return {
      code: 'unknown_provider',
      message: `There is no host "${asked.providerId}". Look at the list of hosts; it may have been removed.`,
    };
  return (
    noHost(provider) ??
    unavailable(provider, host) ??
    unfit(asked, provider.label, host) ??
    stale(asked, provider.label, world.lease) ??
    (asked.confirmed ? null : toConfirm(asked, world, provider))
  );
}

type Known = NonNullable<World['provider']>;

const ORDER = ['A', 'B', 'C'] as const;
const SINCE = { profile: 'C', cancel: 'B' } as const;

/** What this host cannot do, whoever asks. */
function unfit(asked: Asked, label: string, host: World['host']): Objection | null {
  const { kind, model, inflightId } = asked;
  const generation = host?.liveness?.generation ?? null;
  if ((kind === 'profile' || kind === 'cancel') && generation !== null) {
    const isOlder = ORDER.indexOf(generation) < ORDER.indexOf(SINCE[kind]);
    const what = kind === 'profile' ? 'switch profiles' : 'cancel requests';
    const version = kind === 'profile' ? 'v240' : 'v236';
    if (isOlder)
      return {
        code: 'not_offered',
        message: `The llama-swap of ${label} cannot ${what}; it takes ${version} or later.`,
        details: { generation },
      };
  }
  if (model !== null) return unfitModel(model, label, host?.models ?? []);
  if (kind !== 'cancel' || !host?.inflight) return null;
  const { total, requests } = host.inflight;
  if (total > requests.length || requests.some(({ id }) => id === inflightId)) return null;
  return {
    code: 'unknown_request',
    message: `This request is not under way on ${label} any more, so there is nothing to cancel.`,
  };
}

function unfitModel(name: string, label: string, models: readonly Model[]): Objection | null {
  const model = findModel(models, name);
  if (model === null || model.state === 'absent')
    return {
      code: 'unknown_model',
      message: `${label} has no model "${name}". Its page lists those that it has.`,
    };
  if (model.peerId === null) return null;
  return {
    code: 'not_offered',
    message: `${name} runs on ${model.peerId}, and ${label} only passes requests on to it. Ask that host instead.`,
    details: { peerId: model.peerId },
  };
}

function stale({ fencingToken }: Asked, label: string, lease: LeaseInTheWay | null): Objection | null {
  return fencingToken === null || lease === null || fencingToken === lease.fencingToken
    ? null
    : staleLease(label);
}

/** It is not the lease that stands. */
export const staleLease = (label: string): Objection => ({
  code: 'stale_lease',
  message: `The lease under which this is asked is over: ${label} was acquired by somebody else since. Acquire it again, then ask again.`,
});

/** A question to whoever asks: what `confirm` overrides. */
function toConfirm(asked: Asked, world: World, { label, protectedModels = [] }: Known): Objection | null {
  const lease = asked.fencingToken === null ? (world.lease?.objection ?? null) : null;
  const models = stoppedProtected(asked, protectedModels, world.host?.models ?? []);
  if (models.length === 0) return lease;
  const names = models.join(', ');
  if (lease !== null)
    return { ...lease, message: `${lease.message} It would also stop ${names}, protected on ${label}.` };
  const are = models.length === 1 ? 'is' : 'are';
  return {
    code: 'model_protected',
    message: `${names} ${are} protected on ${label} and would be stopped. Confirm if that is meant.`,
    details: { models },
  };
}

/** A load may stop others too, but which ones is up to the host; the preview tells of those. */
function stoppedProtected(
  { kind, model }: Asked,
  guarded: readonly string[],
  models: readonly Model[],
): string[] {
  const loaded = models.filter(({ id, state }) => guarded.includes(id) && isLoaded(state));
  if (kind === 'unload-all') return loaded.map(({ id }) => id);
  const id = model === null ? undefined : findModel(models, model)?.id;
  return kind === 'unload' ? loaded.filter((one) => one.id === id).map(() => id ?? '') : [];
}

/** Whether the same again with `confirm` would be accepted. */
export const isQuestion = ({ code }: Problem): boolean => CONFIRMABLE.has(code);
