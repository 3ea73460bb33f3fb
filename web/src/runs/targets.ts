import type { BenchTarget, HostState, PublicProvider, Suite } from '@boocontrol/contracts';
import { fits } from '@boocontrol/fleet-model';
import { isFavorite, isHidden, type Marks } from '../live/marks';

export interface HostOfTargets {
  provider: Pick<PublicProvider, 'id' | 'label'>;
  /** Why nothing of it can be measured now, in a word or two; null: it can. */
  away: string | null;
  models: readonly string[];
}

export const targetKey = ({ providerId, model }: BenchTarget): string => `${providerId}/${model}`;

/** An id of a host has no slash; a model's may. */
export function readTarget(key: string): BenchTarget {
  const at = key.indexOf('/');
  return { providerId: key.slice(0, at), model: key.slice(at + 1) };
}

/** What can be chosen: hosts and their models without what is hidden, favourites first, those that are away last. */
export function hostsOf(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  marks: Marks,
  text: string,
): HostOfTargets[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return providers
    .filter(({ id }) => !isHidden(marks, id))
    .map((provider) => {
      const host = hosts[provider.id];
      const away = !provider.enabled
        ? 'switched off'
        : provider.maintenance
          ? 'in maintenance'
          : host?.liveness?.state === 'connected'
            ? null
            : 'not connected';
      const models = (host?.models ?? [])
        .map(({ id }) => id)
        .filter((id) => !isHidden(marks, provider.id, id))
        .filter((id) => {
          const said = `${provider.label} ${provider.id} ${id}`.toLowerCase();
          return words.every((word) => said.includes(word));
        })
        .toSorted(
          (a, b) =>
            Number(isFavorite(marks, provider.id, b)) - Number(isFavorite(marks, provider.id, a)) ||
            a.localeCompare(b, 'en', { numeric: true }),
        );
      return { provider, away, models };
    })
    .filter(({ models }) => models.length > 0)
    .toSorted((a, b) => Number(a.away !== null) - Number(b.away !== null));
}

/** The models that a suite names by itself, as the fleet is now. */
export const namedBy = ({ targets }: Pick<Suite, 'targets'>, places: readonly BenchTarget[]): BenchTarget[] =>
  places.filter((place) =>
    targets.some(({ provider, model }) => fits(provider, place.providerId) && fits(model, place.model)),
  );
