import type {
  HostState,
  InflightRequest,
  InflightRoute,
  PublicProvider,
  RoutingState,
} from '@boocontrol/contracts';
import { findModel, instantToMs } from '@boocontrol/fleet-model';
import { isAway } from '../../hosts/liveness';

/** A request that is under way: told by its host, by the gateway it came through, or by both. */
export interface Flight {
  key: string;
  /** null: none yet, its body is still coming. */
  providerId: string | null;
  /** As its host names it, else as the client did; empty: not said yet. */
  model: string;
  /** null: the host says so only when it has ended. */
  source: string | null;
  path: string;
  /** null: not told. */
  startedMs: number | null;
  /** Of one that came through /v1; null: its host tells no more than that it runs. */
  state: InflightRoute['state'] | null;
  /** Of the answer so far; null: not told. */
  bytes: number | null;
  /** How host and gateway are known to speak of the same one; null: only one of them does. */
  joined: 'exact' | 'matched' | null;
  cancel: Cancel;
}

/** How it can be ended; `route`: by the gateway it came through. */
export type Cancel = { by: 'route'; id: string } | { by: 'host'; providerId: string; inflightId: string };

/** What is under way in the whole fleet, and what of it is not known. */
export interface InFlightNow {
  /** The longest first. */
  flights: Flight[];
  /** Hosts that say of so many requests only that they run. */
  unlisted: { providerId: string; requests: number; generation: 'A' | null }[];
  /** Hosts that nobody follows now: what runs there is not known. */
  away: { providerId: string; lastSeenMs: number | null }[];
  /** Requests that a gateway has beyond those that it tells of. */
  untold: number;
}

/** A host's clock and ours may differ by so much. */
const CLOCKS_MS = 5_000;

const isSent = ({ state }: InflightRoute): boolean => state !== 'receiving' && state !== 'queued';

interface Listed {
  request: InflightRequest;
  startedMs: number | null;
}

/** Everything that is under way, each request once. */
export function inFlightNow(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  routing: RoutingState | null,
): InFlightNow {
  const now: InFlightNow = { flights: [], unlisted: [], away: [], untold: 0 };
  const routes = (routing?.gateways ?? []).flatMap(({ inflight }) => inflight);
  for (const { inflight, inflightTotal } of routing?.gateways ?? [])
    now.untold += Math.max(0, inflightTotal - inflight.length);
  const listedOf = new Map<InflightRoute, { entry: Listed; joined: 'exact' | 'matched' }>();
  const sentTo = new Map<string | null, InflightRoute[]>();
  for (const route of routes.filter(isSent))
    sentTo.set(route.providerId, [...(sentTo.get(route.providerId) ?? []), route]);
  for (const provider of providers) {
    const host = hosts[provider.id];
    const { liveness = null, inflight = null } = host ?? {};
    if (liveness !== null && provider.enabled && isAway(provider, liveness)) {
      const { lastSeenAt } = liveness;
      now.away.push({
        providerId: provider.id,
        lastSeenMs: lastSeenAt === null ? null : instantToMs(lastSeenAt),
      });
    }
    if (host === undefined || inflight === null || liveness?.state !== 'connected') continue;
    const entries = inflight.requests.map((request): Listed => ({
      request,
      startedMs: request.startedAt === null ? null : instantToMs(request.startedAt),
    }));
    const sent = sentTo.get(provider.id) ?? [];
    const rest = join(host, entries, sent, listedOf);
    now.flights.push(...rest.map((entry) => ofHost(provider.id, entry)));
    // Of those it does not list, the ones that came through /v1 are known from there.
    const own = sent.filter((route) => !listedOf.has(route)).length;
    const requests = inflight.total - entries.length - own;
    if (requests > 0)
      now.unlisted.push({
        providerId: provider.id,
        requests,
        generation: liveness.generation === 'A' ? 'A' : null,
      });
  }
  now.flights.push(...routes.map((route) => ofRoute(route, listedOf.get(route))));
  now.flights.sort(
    (a, b) => (a.startedMs ?? Infinity) - (b.startedMs ?? Infinity) || (a.key < b.key ? -1 : 1),
  );
  return now;
}

/** Finds which entries of a host are which requests of ours. @returns the others */
function join(
  { models }: HostState,
  entries: readonly Listed[],
  sent: readonly InflightRoute[],
  listedOf: Map<InflightRoute, { entry: Listed; joined: 'exact' | 'matched' }>,
): Listed[] {
  const byId = new Map(sent.map((route) => [route.id, route]));
  const left = new Set(entries);
  for (const entry of entries) {
    const route = byId.get(entry.request.dispatchId ?? '');
    if (route === undefined || listedOf.has(route)) continue;
    listedOf.set(route, { entry, joined: 'exact' });
    left.delete(entry);
  }
  const idOf = (name: string | null): string | null =>
    name === null ? null : (findModel(models, name)?.id ?? name);
  // Only where the host does not tell headers: one whose headers are known is never guessed at.
  const pairs = [...left]
    .filter(({ request }) => request.dispatchId === undefined)
    .flatMap((entry) =>
      sent.flatMap((route) => {
        const awayMs = entry.startedMs === null ? Infinity : entry.startedMs - instantToMs(route.at);
        const fits =
          !listedOf.has(route) &&
          awayMs >= -CLOCKS_MS &&
          entry.request.reqPath === `/v1${route.endpoint}` &&
          idOf(entry.request.model) === idOf(route.model);
        return fits ? [{ entry, route, awayMs: Math.abs(awayMs) }] : [];
      }),
    )
    .toSorted((a, b) => a.awayMs - b.awayMs);
  for (const { entry, route } of pairs) {
    if (!left.has(entry) || listedOf.has(route)) continue;
    listedOf.set(route, { entry, joined: 'matched' });
    left.delete(entry);
  }
  return [...left];
}

function ofHost(providerId: string, { request, startedMs }: Listed): Flight {
  const { id, model, source, sourceKnown, reqPath, respBytes } = request;
  return {
    key: `host ${providerId} ${id}`,
    providerId,
    model,
    source: sourceKnown === false ? null : source,
    path: reqPath,
    startedMs,
    state: null,
    bytes: respBytes,
    joined: null,
    cancel: { by: 'host', providerId, inflightId: id },
  };
}

/** The gateway's word counts: it knows its clients, and its clock is ours. */
function ofRoute(
  route: InflightRoute,
  listed: { entry: Listed; joined: 'exact' | 'matched' } | undefined,
): Flight {
  return {
    key: `route ${route.id}`,
    providerId: route.providerId,
    model: route.model ?? route.asked,
    source: route.source,
    path: `/v1${route.endpoint}`,
    startedMs: instantToMs(route.at),
    state: route.state,
    bytes: Math.max(route.bytes, listed?.entry.request.respBytes ?? 0),
    joined: listed?.joined ?? null,
    cancel: { by: 'route', id: route.id },
  };
}
