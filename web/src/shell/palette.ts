import type { ActionRequest, HostState, PublicProvider } from '@boocontrol/contracts';
import { askFor } from '../control/asked';
import { actionWords } from '../control/words';
import { hostHref } from '../hosts/address';
import { starredModels } from '../hosts/marked-models';
import { isHidden, type Marks } from '../live/marks';
import type { Place } from '../models/matches';
import type { PageEntry } from './pages';

/** Something that can be gone to or done. */
export interface Entry {
  /** Unique among all. */
  key: string;
  label: string;
  /** Dim, after the label: what it is, or where. */
  hint?: string;
  /** Of a model: where it is. */
  places?: readonly Place[];
  does: { href: string } | { run: () => void };
}
export interface EntryGroup {
  value: string;
  items: Entry[];
}

interface Sources {
  pages: readonly PageEntry[];
  providers: readonly PublicProvider[];
  hosts: Readonly<Record<string, HostState>>;
  marks: Marks;
  /** What the shell itself can do. */
  commands: readonly Entry[];
}

/** More of a kind is no help: one types another letter. Commands are few, and nobody knows their names beforehand. */
const MOST_OF_A_GROUP = 8;
const mostOf = (group: string): number => (group === 'Commands' ? Infinity : MOST_OF_A_GROUP);

/**
 * What matches every typed word, in groups; names that begin with what was typed come first, then favourites. Nothing
 * that is hidden.
 */
export function paletteGroups(
  { pages, providers, hosts, marks, commands }: Sources,
  typed: string,
): EntryGroup[] {
  const shown = providers.filter(({ id }) => !isHidden(marks, id));
  const groups: EntryGroup[] = [
    { value: 'Pages', items: pages.map(pageEntry) },
    { value: 'Hosts', items: shown.toSorted(byName).map(hostEntry) },
    // Nobody has a list of all models in mind; they come with the first letter.
    { value: 'Models', items: typed.trim() === '' ? [] : modelEntries(shown, hosts, marks) },
    { value: 'Actions', items: typed.trim() === '' ? [] : actionEntries(shown, hosts, marks) },
    { value: 'Commands', items: [...pages.flatMap(pageCommands), ...commands] },
  ];
  return groups
    .map(({ value, items }) => ({ value, items: matching(items, value, typed).slice(0, mostOf(value)) }))
    .filter(({ items }) => items.length > 0);
}

const byName = (a: PublicProvider, b: PublicProvider): number =>
  a.label.localeCompare(b.label, 'en', { numeric: true });

const pageEntry = ({ href, name, group }: PageEntry): Entry => ({
  key: `page ${href}`,
  label: name,
  hint: group,
  does: { href },
});

const pageCommands = ({ name, commands = [] }: PageEntry): Entry[] =>
  commands.map(({ label, href }) => ({ key: `command ${href}`, label, hint: name, does: { href } }));

const hostEntry = ({ id, label, tags }: PublicProvider): Entry => ({
  key: `host ${id}`,
  label,
  ...(tags.length > 0 ? { hint: tags.join(', ') } : {}),
  does: { href: hostHref(id) },
});

/** Each model once, with the hosts that have it; its requests are what there is to see. */
function modelEntries(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  marks: Marks,
): Entry[] {
  const starred = starredModels(marks);
  const first = (id: string): number => Number(!starred.has(id));
  const owners = new Map<string, { id: string; label: string }[]>();
  for (const { id, label } of providers)
    for (const model of hosts[id]?.models ?? [])
      if (!isHidden(marks, id, model.id))
        owners.set(model.id, [...(owners.get(model.id) ?? []), { id, label }]);
  return [...owners]
    .toSorted(([a], [b]) => first(a) - first(b) || a.localeCompare(b, 'en', { numeric: true }))
    .map(([id, on]) => ({
      key: `model ${id}`,
      label: id,
      hint: on.length > 2 ? `on ${on.length} hosts` : `on ${on.map(({ label }) => label).join(' and ')}`,
      places: on.map((owner) => ({ providerId: owner.id, model: id })),
      does: { href: `/activity/?model=${encodeURIComponent(id)}` },
    }));
}

/** What hosts can be told; each is asked about before it is done. */
function actionEntries(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  marks: Marks,
): Entry[] {
  return providers.flatMap(({ id: providerId, label: hint, enabled }): Entry[] => {
    const models = hosts[providerId]?.models ?? [];
    if (!enabled || models.length === 0) return [];
    const entry = (request: ActionRequest): Entry => ({
      key: `action ${providerId} ${request.kind} ${'model' in request ? request.model : ''}`,
      label: actionWords(request).verb,
      hint: `on ${hint}`,
      ...('model' in request ? { places: [{ providerId, model: request.model }] } : {}),
      does: { run: () => askFor(request) },
    });
    return [
      ...models
        .filter(({ id }) => !isHidden(marks, providerId, id))
        .map(({ id: model, state }) =>
          entry({ kind: state === 'ready' || state === 'starting' ? 'unload' : 'warm', providerId, model }),
        ),
      entry({ kind: 'unload-all', providerId }),
    ];
  });
}

function matching(items: readonly Entry[], group: string, typed: string): Entry[] {
  const text = typed.trim().toLowerCase();
  const words = text.split(/\s+/).filter(Boolean);
  const begins = ({ label }: Entry): number => Number(!label.toLowerCase().startsWith(text));
  return items
    .filter((item) => {
      const hay = `${group} ${item.label} ${item.hint ?? ''}`.toLowerCase();
      return words.every((word) => hay.includes(word));
    })
    .toSorted((a, b) => begins(a) - begins(b));
}
