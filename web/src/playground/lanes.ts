import type { PublicProvider } from '@boocontrol/contracts';
import { isFrontier } from '@boocontrol/fleet-model';
import type { Place } from '../models/matches';
import type { Pane } from './types';

/**
 * The machine that a pane's requests go to; null: not known before it is asked, or nobody whom we could slow down (a
 * frontier service, or another BooControl with hosts of its own).
 */
export function machineOf(
  model: string,
  providers: readonly PublicProvider[],
  places: readonly Place[],
): string | null {
  const slash = model.indexOf('/');
  const named = slash === -1 ? undefined : providers.find(({ id }) => id === model.slice(0, slash));
  const having = new Set(places.filter((place) => place.model === model).map(({ providerId }) => providerId));
  const [only] = having;
  const id = named?.id ?? (having.size === 1 ? only : undefined);
  const provider = providers.find((each) => each.id === id);
  return provider === undefined || isFrontier(provider) || provider.kind === 'boocontrol-gateway'
    ? null
    : provider.id;
}

/** How a prompt goes to several panes, in a sentence; null: there is nothing to say. */
export function orderWords(
  panes: readonly Pick<Pane, 'model'>[],
  machine: (model: string) => string | null,
  nameOf: (providerId: string) => string,
): string | null {
  if (panes.length < 2) return null;
  const by = new Map<string, number[]>();
  panes.forEach(({ model }, n) => {
    const id = machine(model);
    if (id !== null) by.set(id, [...(by.get(id) ?? []), n + 1]);
  });
  const shared = [...by].filter(([, numbers]) => numbers.length > 1);
  if (shared.length === 0) {
    const isKnown = panes.every(({ model }) => !/^auto(?::|$)/.test(model));
    return `All are asked together${isKnown ? '' : '; which host answers auto is not known before'}.`;
  }
  const words = shared.map(([id, numbers]) => `${listed(numbers)} share ${nameOf(id)}`);
  return `${words.join('; ')}: they are asked one after the other, so that none slows another down.`;
}

const listed = (numbers: readonly number[]): string =>
  numbers.length === 2 ? numbers.join(' and ') : `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
