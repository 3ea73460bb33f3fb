import type { Liveness, Model, Provider } from '@boocontrol/contracts';
import type { Listing } from './names.js';

/** What of a provider matters for reaching it: as `GET /api/fleet`, `GET /api/providers` and KV `providers` give it. */
export type RegistryProvider = Pick<
  Provider,
  'id' | 'kind' | 'baseUrl' | 'enabled' | 'apiKeyEnv' | 'maintenance'
>;
export type RegistryModel = Pick<Model, 'id' | 'aliases' | 'contextLength'> &
  Partial<Pick<Model, 'state' | 'failedAt'>>;

export interface RegistryEntry {
  provider: RegistryProvider;
  /** null or absent: not known, as in KV `providers`; it is then taken to be there. */
  liveness?: Pick<Liveness, 'state' | 'attempt' | 'reason'> | null;
  /** Absent: not known. */
  models?: readonly RegistryModel[];
}

/** The fleet as a program knows it; the hosts of `GET /api/fleet` are entries as they come. */
export interface Registry {
  entries: readonly RegistryEntry[];
  /** BooControl itself, for policies and names without a provider; absent: there is none. */
  gateway?: {
    /** e.g. http://127.0.0.1:9503 */
    baseUrl: string;
    /** `boo_…`; needed where it listens beyond loopback. */
    apiKey?: string;
  };
  /** Holds the API keys of providers, under the names that their entries say; default: none is known. */
  env?: Readonly<Record<string, string | undefined>>;
}

export const isCalled = ({ id, aliases }: RegistryModel, name: string): boolean =>
  id === name || aliases.includes(name);

export function listingOf({ entries }: Registry): Listing {
  const lists = ({ models = [] }: RegistryEntry, name: string): boolean =>
    models.some((model) => isCalled(model, name));
  return {
    hasProvider: (id) => entries.some(({ provider }) => provider.id === id),
    lists: (id, name) => entries.some((entry) => entry.provider.id === id && lists(entry, name)),
    isListed: (name) => entries.some((entry) => lists(entry, name)),
  };
}
