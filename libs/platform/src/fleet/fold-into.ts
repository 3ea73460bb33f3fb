import type { Fact, FleetState } from '@boocontrol/contracts';
import { applyFact, emptyHost } from '@boocontrol/fleet-model';

/**
 * `applyToFleet` on a fleet that nobody else keeps: in place, because with a thousand hosts a new map for each fact
 * costs 0.4 ms. A host itself is still replaced as a whole.
 */
export function foldInto({ hosts }: FleetState, fact: Fact): void {
  const id = fact.body.providerId;
  const before = Object.hasOwn(hosts, id) ? hosts[id] : undefined;
  hosts[id] = applyFact(before ?? emptyHost(id), fact);
}
