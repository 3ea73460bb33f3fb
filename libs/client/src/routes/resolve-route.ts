import { v1Of } from '@boocontrol/contracts';
import { readName } from './names.js';
import { isCalled, listingOf, type Registry, type RegistryEntry } from './registry.js';

export type Route =
  | {
      /** swap: a llama-swap host itself; openai: a service; gateway: a BooControl, ours or one behind it. */
      route: 'swap' | 'openai' | 'gateway';
      /** For clients of the OpenAI kind: it ends in /v1. */
      baseUrl: string;
      /** To be sent with every request. */
      headers: Record<string, string>;
      /** What to ask for there as `model`. */
      model: string;
    }
  | RouteError;

/** The model cannot be reached. It is for the caller to ask for something else: no other provider ever takes its place. */
export interface RouteError {
  route: 'gateway_error';
  /** offline: missing, disabled or not connected; unhealthy: it is there, and cannot serve this now. */
  reason: 'offline' | 'unhealthy';
  /** A sentence for a person. */
  message: string;
}

/**
 * Where a request for a model goes: `<provider>/<model>` to that provider itself, everything else (`auto`, `auto:code`, a model
 * without a provider) to the gateway. Never throws.
 */
export function resolveRoute(id: string, registry: Registry): Route {
  const listing = listingOf(registry);
  const asked = readName(id, listing);
  if (asked.by === 'provider') {
    const entry = registry.entries.find(({ provider }) => provider.id === asked.providerId);
    return entry === undefined
      ? offline(`There is no provider "${asked.providerId}".`)
      : toProvider(entry, asked.model, registry);
  }
  // The beginning of a name that nobody lists is taken for a provider that is gone, not for a part of a model.
  const isGone = asked.by === 'model' && id.includes('/') && !listing.isListed(id);
  if (isGone)
    return offline(`There is no provider "${id.slice(0, id.indexOf('/'))}", and nobody lists "${id}".`);
  const { gateway } = registry;
  if (gateway === undefined) return offline(`"${id}" needs a gateway to decide, and none is known.`);
  const headers = bearer(gateway.apiKey);
  return { route: 'gateway', baseUrl: v1Of(gateway.baseUrl), headers, model: id };
}

const ROUTE_OF = { 'llama-swap': 'swap', openai: 'openai', 'boocontrol-gateway': 'gateway' } as const;

function toProvider(
  { provider, liveness, models }: RegistryEntry,
  name: string,
  { env = {} }: Registry,
): Route {
  const { id, kind, enabled, maintenance, apiKeyEnv, baseUrl } = provider;
  if (!enabled) return offline(`${id} is switched off in the registry.`);
  const until = maintenance?.until;
  if (maintenance !== undefined && (until === undefined || Date.parse(until) > Date.now()))
    return unhealthy(`${id} is in maintenance${until === undefined ? '' : ` until ${until}`}.`);
  if (liveness != null && isDown(liveness)) {
    const why = liveness.reason === null ? '' : `: ${liveness.reason.message}`;
    return offline(`${id} is not connected${why}${why.endsWith('.') ? '' : '.'}`);
  }
  const model = models?.find((each) => isCalled(each, name));
  // Services and other BooControls take names that they do not list. A list that is empty says nothing.
  if (model === undefined && kind === 'llama-swap' && models !== undefined && models.length > 0)
    return unhealthy(`${id} has no model "${name}".`);
  if (model?.failedAt != null && model.state !== 'ready')
    return unhealthy(`The last load of ${name} on ${id} failed.`);
  const apiKey = apiKeyEnv === undefined ? undefined : env[apiKeyEnv]?.trim();
  if (apiKeyEnv !== undefined && !apiKey)
    return unhealthy(`${id} wants an API key, and ${apiKeyEnv} is not set.`);
  return { route: ROUTE_OF[kind], baseUrl: v1Of(baseUrl), headers: bearer(apiKey), model: name };
}

function isDown({ state, attempt }: NonNullable<RegistryEntry['liveness']>): boolean {
  if (state === 'down' || state === 'disabled') return true;
  return state !== 'connected' && attempt > 0;
}

const offline = (message: string): RouteError => ({ route: 'gateway_error', reason: 'offline', message });
const unhealthy = (message: string): RouteError => ({ route: 'gateway_error', reason: 'unhealthy', message });

const bearer = (key: string | undefined): Record<string, string> =>
  key === undefined || key === '' ? {} : { authorization: `Bearer ${key}` };

/**
 * Tokens that a model's context holds, as far as the registry tells; null: it does not. Of a name without a provider the
 * largest, for a request that fits nowhere else goes where it fits. Of a policy null: it depends on the request.
 */
export function contextLengthOf(id: string, registry: Registry): number | null {
  const asked = readName(id, listingOf(registry));
  if (asked.by === 'policy') return null;
  const lengths = registry.entries
    .filter(({ provider }) => asked.by === 'model' || provider.id === asked.providerId)
    .flatMap(({ models = [] }) => models.filter((model) => isCalled(model, asked.model)))
    .flatMap(({ contextLength }) => contextLength ?? []);
  return lengths.length === 0 ? null : Math.max(...lengths);
}
