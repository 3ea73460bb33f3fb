import type { GatewayRouting, RoutingState } from '@boocontrol/contracts';

/** A gateway that was not heard of for so long is gone: it tells every second while somebody looks. */
const SILENT_MS = 5_000;

/** What each gateway told last. Times are of the monotonic clock of this process: no two clocks are compared. */
export class RoutingBoard {
  private readonly told = new Map<string, { routing: GatewayRouting; atMs: number }>();

  take(routing: GatewayRouting, nowMs: number): void {
    this.told.set(routing.gateway, { routing, atMs: nowMs });
  }

  dropSilent(nowMs: number): void {
    for (const [gateway, { atMs }] of this.told) if (nowMs - atMs > SILENT_MS) this.told.delete(gateway);
  }

  clear(): void {
    this.told.clear();
  }

  get state(): RoutingState {
    return stateOf([...this.told.values()].map(({ routing }) => routing));
  }
}

/** By name; of a gateway that is there twice the last one counts. */
export function stateOf(all: readonly GatewayRouting[]): RoutingState {
  const byName = new Map(all.map((routing) => [routing.gateway, routing]));
  return { gateways: [...byName.values()].sort((a, b) => (a.gateway < b.gateway ? -1 : 1)) };
}

/** What of it browsers would show differently: not the moment at which it was told. */
export const contentOf = ({ gateways }: RoutingState): string =>
  JSON.stringify(gateways.map(({ at: _at, ...content }) => content));
