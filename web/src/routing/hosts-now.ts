import type { InflightRoute, RouteBreaker, RoutingState } from '@boocontrol/contracts';

/** What all gateways have of one host. */
export interface HostNow {
  providerId: string;
  /** Requests that have a place, of all gateways. */
  running: number;
  /** Places of all gateways that have requests there; null: none has. */
  slots: number | null;
  waiting: readonly { source: string; requests: number; longestMs: number }[];
  /** Open ones first, then half-open, then those that are closed and have failed lately. */
  breakers: readonly RouteBreaker[];
  inflight: readonly InflightRoute[];
}

const ORDER = { open: 0, 'half-open': 1, closed: 2 } as const;

const noneOf = (providerId: string): HostNow => ({
  providerId,
  running: 0,
  slots: null,
  waiting: [],
  breakers: [],
  inflight: [],
});

/**
 * By host, those of `providerIds` and any other that a gateway tells of. Of several gateways' breakers for one model the
 * worst counts: each gateway learns for itself.
 */
export function hostsNow(routing: RoutingState, providerIds: readonly string[]): HostNow[] {
  const hosts = new Map(providerIds.map((id) => [id, noneOf(id)]));
  const change = (id: string, make: (host: HostNow) => Partial<HostNow>): void => {
    const host = hosts.get(id) ?? noneOf(id);
    hosts.set(id, { ...host, ...make(host) });
  };
  for (const { queues, breakers, inflight } of routing.gateways) {
    for (const { providerId, running, slots, waiting } of queues)
      change(providerId, (host) => ({
        running: host.running + running,
        slots: (host.slots ?? 0) + slots,
        waiting: withWaiting(host.waiting, waiting),
      }));
    for (const breaker of breakers)
      if (breaker.state !== 'closed' || breaker.lastFailure !== null)
        change(breaker.providerId, (host) => ({ breakers: withBreaker(host.breakers, breaker) }));
    for (const request of inflight)
      if (request.providerId !== null)
        change(request.providerId, (host) => ({ inflight: [...host.inflight, request] }));
  }
  return [...hosts.values()];
}

function withWaiting(before: HostNow['waiting'], more: HostNow['waiting']): HostNow['waiting'] {
  const bySource = new Map(before.map((each) => [each.source, each]));
  for (const { source, requests, longestMs } of more) {
    const had = bySource.get(source);
    bySource.set(source, {
      source,
      requests: requests + (had?.requests ?? 0),
      longestMs: Math.max(longestMs, had?.longestMs ?? 0),
    });
  }
  return [...bySource.values()].toSorted((a, b) => b.longestMs - a.longestMs);
}

function withBreaker(before: readonly RouteBreaker[], breaker: RouteBreaker): readonly RouteBreaker[] {
  const had = before.find(({ model }) => model === breaker.model);
  if (had && isWorse(had, breaker)) return before;
  return [...before.filter((each) => each !== had), breaker].toSorted(
    (a, b) => ORDER[a.state] - ORDER[b.state] || (a.model < b.model ? -1 : 1),
  );
}

const isWorse = (a: RouteBreaker, b: RouteBreaker): boolean =>
  ORDER[a.state] < ORDER[b.state] ||
  (a.state === b.state && (a.retryAt ?? a.lastFailure?.at ?? '') >= (b.retryAt ?? b.lastFailure?.at ?? ''));

/** How much it wants to be seen: breakers that are not closed, then queues, then what runs. */
export function urgency({ breakers, waiting, running, inflight }: HostNow): number {
  if (breakers.some(({ state }) => state !== 'closed')) return 3;
  if (waiting.length > 0) return 2;
  return running > 0 || inflight.length > 0 || breakers.length > 0 ? 1 : 0;
}
