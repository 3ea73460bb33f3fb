import type { HostState, Model, RouteFilter, RoutePolicy } from '@boocontrol/contracts';
import { hostFilter } from './filters.js';
import { slotsOf, type HostLease, type RoutedProvider, type World } from './world.js';

/** What all models of a host have in common, read once for a decision. */
export interface HostView {
  routed: RoutedProvider;
  state: HostState | undefined;
  models: readonly Model[];
  /** Requests under way: those that the host tells of, or ours, where these are more. */
  inFlight: number;
  slots: number;
  /** Models that are loaded. */
  loaded: number;
  lease: HostLease | null;
  /** Why none of its models can be chosen; null: nothing stands against the host itself. */
  filter: RouteFilter | null;
}

export interface Wanted {
  policy: RoutePolicy | null;
  leaseToken: string | null;
  nowMs: number;
}

export function viewOf(world: World, routed: RoutedProvider, wanted: Wanted): HostView {
  const { id } = routed.provider;
  const state = world.host(id);
  const models = state?.models ?? [];
  const lease = world.lease(id, wanted.nowMs);
  const filter = hostFilter({ world, routed, state, lease }, wanted);
  let loaded = 0;
  for (const { state: now } of models) if (now === 'ready') loaded++;
  const inFlight = Math.max(state?.inflight?.total ?? 0, world.health.load(id));
  return { routed, state, models, inFlight, slots: slotsOf(routed.provider, models), loaded, lease, filter };
}
