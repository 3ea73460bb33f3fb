import type { HostState, PublicProvider } from '@boocontrol/contracts';
import { fits } from '@boocontrol/fleet-model';

/** A model on a host. */
export interface Place {
  providerId: string;
  model: string;
}

/** Every model of every host that is known. */
export const placesOf = (
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
): Place[] =>
  providers.flatMap(({ id }) =>
    (hosts[id]?.models ?? []).map(({ id: model }) => ({ providerId: id, model })),
  );

/**
 * What patterns fit, each place once.
 * @param withHost also patterns of `<provider>/<model>`, as keys have them
 */
export const fitting = (places: readonly Place[], globs: readonly string[], withHost: boolean): Place[] =>
  places.filter(({ providerId, model }) =>
    globs.some((glob) => fits(glob, model) || (withHost && fits(glob, `${providerId}/${model}`))),
  );

/** Names of models without their hosts, each once, in order. */
export const namesOf = (places: readonly Place[]): string[] =>
  [...new Set(places.map(({ model }) => model))].toSorted((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
