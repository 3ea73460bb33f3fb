import type { HostState, PublicProvider } from '@boocontrol/contracts';
import { isHidden, type Marks } from '../live/marks';

/** Pickers offer a model once, whatever hosts have it; these are the names they leave out: hidden, and shown by no host. */
export function hiddenModels(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  marks: Marks,
): ReadonlySet<string> {
  const hidden = new Set((marks?.hidden ?? []).flatMap(({ model }) => model ?? []));
  const shown = new Set<string>();
  for (const { id } of providers)
    for (const model of hosts[id]?.models ?? [])
      (isHidden(marks, id, model.id) ? hidden : shown).add(model.id);
  return new Set([...hidden].filter((name) => !shown.has(name)));
}

/** Names that are a favourite on one host or more: pickers have them first. */
export const starredModels = (marks: Marks): ReadonlySet<string> =>
  new Set((marks?.favorites ?? []).map(({ model }) => model));
