import { isPolicyName } from '@boocontrol/client';
import type { HostState, Model, Provider, RouteFilter, RoutePolicy } from '@boocontrol/contracts';
import { fits, instantToMs, isFrontier, maintenanceAt, priceOf } from '@boocontrol/fleet-model';
import type { Ask } from '../inference/parts.js';
import type { KnownModel } from './known-model.js';
import type { HostLease, RoutedProvider, World } from './world.js';

/** A load that failed so lately would most likely fail again, in milliseconds. */
export const LOAD_FAILED_MS = 5 * 60_000;
/** Of a request's body, where nothing tells of the model's own; on the side of asking a host that then refuses. */
const BYTES_PER_TOKEN = 4;

/** What a request needs of a model's context, in tokens; null: its body does not tell, it holds pictures or sound. */
export function tokensOf(
  { requestBytes, maxTokens, needs }: Ask,
  world: Pick<World, 'bytesPerToken'>,
  model: string,
): number | null {
  if (needs.has('vision') || needs.has('audio') || needs.has('image')) return null;
  return Math.ceil(requestBytes / (world.bytesPerToken(model) ?? BYTES_PER_TOKEN)) + (maxTokens ?? 0);
}

function isTooLong(ask: Ask, world: World, { id, contextLength }: Model): boolean {
  // No token is shorter than a byte: most requests fit in any case.
  if (contextLength === null || ask.requestBytes + (ask.maxTokens ?? 0) <= contextLength) return false;
  const tokens = tokensOf(ask, world, id);
  return tokens !== null && tokens > contextLength;
}

interface HostFacts {
  world: World;
  routed: RoutedProvider;
  state: HostState | undefined;
  lease: HostLease | null;
}

/** What stands against every model of a host; null: nothing. */
export function hostFilter(
  { world, routed, state, lease }: HostFacts,
  { policy, leaseToken, nowMs }: { policy: RoutePolicy | null; leaseToken: string | null; nowMs: number },
): RouteFilter | null {
  const { provider, problem } = routed;
  if (policy !== null && (isLeftOut(policy, provider) || world.isHidden(provider.id, null)))
    return 'policy_excludes';
  if (!provider.enabled) return 'disabled';
  if (maintenanceAt(provider, nowMs) !== null) return 'maintenance';
  if (problem !== null || isOffline(provider.kind, state)) return 'offline';
  return lease !== null && lease.fencingToken !== leaseToken ? 'leased' : null;
}

function isLeftOut(
  { providers, tags }: RoutePolicy,
  { id, tags: own }: { id: string; tags: string[] },
): boolean {
  return (
    (providers.length > 0 && !providers.includes(id)) ||
    (tags.length > 0 && !tags.some((tag) => own.includes(tag)))
  );
}

/** One that is being connected to, without a failure so far, may well answer: ingest has just started. */
function isOffline(kind: RoutedProvider['provider']['kind'], state: HostState | undefined): boolean {
  const liveness = state?.liveness ?? null;
  if (liveness === null) return kind === 'llama-swap';
  if (liveness.state === 'down') return true;
  return (liveness.state === 'connecting' || liveness.state === 'reconnecting') && liveness.attempt > 0;
}

/** What stands against one model of a host against which nothing does; null: nothing. */
export function modelFilter(
  world: World,
  provider: Provider,
  { model, abilities }: KnownModel,
  ask: Ask,
  { policy, nowMs }: { policy: RoutePolicy | null; nowMs: number },
): RouteFilter | null {
  const { id: providerId } = provider;
  if (policy !== null) {
    const { models } = policy;
    if (models.length > 0 && !models.some((pattern) => fits(pattern, model.id))) return 'policy_excludes';
    if (world.isHidden(providerId, model.id)) return 'policy_excludes';
    // One policy decides; another BooControl's is asked by its name.
    if (provider.kind === 'boocontrol-gateway' && isPolicyName(model.id)) return 'policy_excludes';
  }
  if (policy !== null && policy.maxPrice !== null && isAbove(policy.maxPrice, provider, model.id))
    return 'too_expensive';
  if (ask.grant?.allows(providerId, model.id, policy?.name ?? null) === false) return 'key_forbidden';
  for (const need of ask.needs) if (abilities[need] === 'no') return 'capability_missing';
  if (model.available === false) return 'offline';
  if (isTooLong(ask, world, model)) return 'context_too_long';
  if (!world.health.mayTry(providerId, model.id, nowMs).ok) return 'unhealthy';
  return failedLately(model, nowMs) ? 'load_failed' : null;
}

/** Own hosts cost nothing where nobody says otherwise; what a service takes is then not known. */
function isAbove(maxPrice: number, provider: Provider, model: string): boolean {
  const price = priceOf(provider, model);
  return price === null ? isFrontier(provider) : price.output > maxPrice;
}

function failedLately({ failedAt, state }: Model, nowMs: number): boolean {
  return failedAt !== null && state !== 'ready' && nowMs - instantToMs(failedAt) < LOAD_FAILED_MS;
}
