import type { HostState, PublicProvider, RouteChoices } from '@boocontrol/contracts';
import { contextSize } from '../format/number';
import { isFavorite, isHidden, type Marks } from '../live/marks';
import type { Place } from '../models/matches';
import type { PaletteGroup, PaletteItem } from '../ui/Palette';

/** What `model` of a request may be. */
export interface ModelChoice extends PaletteItem {
  /** As it is sent. */
  model: string;
  places: readonly Place[];
}

/** What there is to choose from. */
export interface Known {
  providers: readonly PublicProvider[];
  hosts: Readonly<Record<string, HostState>>;
  marks: Marks;
  /** null: not told yet. */
  choices: RouteChoices | null;
  /** Only models of hosts, each on its own: nothing is left to a policy. */
  isExact?: boolean;
  /** Models that are made for something else than chat, too. */
  isAnyKind?: boolean;
}

/** Names of models that are made for something else (docs/routing.md). */
const NO_CHAT = /embed|rerank/i;

const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/**
 * What can be asked: policies, each host's own models, loaded ones and favourites first, and what several hosts have.
 * @param typed only what has all of its words
 */
export function modelChoices(known: Known, typed: string): PaletteGroup<ModelChoice>[] {
  const shown = known.providers.filter(({ id, enabled }) => enabled && !isHidden(known.marks, id));
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const ofHosts = shown.map((provider) => ofHost(provider, known));
  const groups = (known.isExact ? ofHosts : [policies(known), ...ofHosts, anywhere(shown, known)])
    .map(({ value, items }) => ({
      value,
      items: items.filter(({ model, label }) => {
        const text = `${model} ${label} ${value}`.toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ items }) => items.length > 0);
  const name = typed.trim();
  const isKnown = groups.some(({ items }) => items.some(({ model }) => model === name));
  if (name === '' || isKnown || known.isExact) return groups;
  const asTyped = { key: 'typed', label: `Ask for “${name}”`, model: name, places: [] };
  return [...groups, { value: 'As it is typed', items: [asTyped] }];
}

function policies({ choices, providers }: Known): PaletteGroup<ModelChoice> {
  const told = choices?.policies ?? [{ name: 'auto', choice: null, why: null }];
  const items = told.map(({ name, choice, why }): ModelChoice => {
    const model = name === 'auto' ? name : `auto:${name}`;
    const host = providers.find(({ id }) => id === choice?.providerId);
    const hint = choice ? `now ${choice.model} on ${host?.label ?? choice.providerId}` : why;
    return { key: model, label: model, model, places: [], ...(hint ? { hint } : {}) };
  });
  return { value: 'BooControl chooses', items };
}

function anywhere(shown: readonly PublicProvider[], known: Known): PaletteGroup<ModelChoice> {
  const places = shown.flatMap((provider) =>
    modelsOf(provider, known).map(({ id }) => ({ providerId: provider.id, model: id })),
  );
  const names = [...new Set(places.map(({ model }) => model))];
  const items = names.flatMap((model): ModelChoice[] => {
    const having = places.filter((place) => place.model === model);
    if (having.length < 2) return [];
    return [{ key: `any ${model}`, label: model, model, places: having, hint: `${having.length} hosts` }];
  });
  return { value: 'On any host that has it', items: items.toSorted((a, b) => byName(a.label, b.label)) };
}

function ofHost(provider: PublicProvider, known: Known): PaletteGroup<ModelChoice> {
  const rank = ({ id, state }: HostState['models'][number]): number =>
    (state === 'ready' ? 0 : 2) + (isFavorite(known.marks, provider.id, id) ? 0 : 1);
  const items = modelsOf(provider, known)
    .toSorted((a, b) => rank(a) - rank(b) || byName(a.id, b.id))
    .map(({ id, contextLength }): ModelChoice => {
      const context = contextSize(contextLength);
      return {
        key: `${provider.id}/${id}`,
        label: id,
        model: `${provider.id}/${id}`,
        places: [{ providerId: provider.id, model: id }],
        ...(context ? { hint: `${context} context` } : {}),
      };
    });
  const state = known.hosts[provider.id]?.liveness?.state;
  const isAway = state !== undefined && state !== 'connected';
  return { value: isAway ? `${provider.label} (${state})` : provider.label, items };
}

const modelsOf = (
  { id }: PublicProvider,
  { hosts, marks, isAnyKind = false }: Known,
): readonly HostState['models'][number][] =>
  (hosts[id]?.models ?? []).filter(
    (model) => (isAnyKind || !NO_CHAT.test(model.id)) && !isHidden(marks, id, model.id),
  );

/** A model as people read it: its name, and the host that it was asked of by name. */
export function shownModel(
  model: string,
  providers: readonly Pick<PublicProvider, 'id' | 'label'>[],
): { name: string; host: string | null } {
  const slash = model.indexOf('/');
  const host = providers.find(({ id }) => slash !== -1 && id === model.slice(0, slash));
  return host ? { name: model.slice(slash + 1), host: host.label } : { name: model, host: null };
}
