import type { ControlMarks } from '@boocontrol/contracts';

/** What people marked; null until the server has told. */
export type Marks = ControlMarks | null;

interface Index {
  hidden: ReadonlySet<string>;
  favorites: ReadonlySet<string>;
}

/** A host's id has no slash. */
const keyOf = (providerId: string, model: string | null): string =>
  model === null ? providerId : `${providerId}/${model}`;

/** The lists stay as they are until the next frame; hundreds of rows look into them at each. */
const known = new WeakMap<ControlMarks, Index>();

function indexOf(marks: ControlMarks): Index {
  const found = known.get(marks);
  if (found) return found;
  const made = {
    hidden: new Set(marks.hidden.map(({ providerId, model }) => keyOf(providerId, model))),
    favorites: new Set(marks.favorites.map(({ providerId, model }) => keyOf(providerId, model))),
  };
  known.set(marks, made);
  return made;
}

/** Whether lists and pickers leave it out; a model of a hidden host is hidden with it. @param model null: the host */
export const isHidden = (marks: Marks, providerId: string, model: string | null = null): boolean =>
  isHiddenItself(marks, providerId, null) || (model !== null && isHiddenItself(marks, providerId, model));

/** Whether it was hidden by its own mark: what a list of one host's models asks. @param model null: the host */
export const isHiddenItself = (marks: Marks, providerId: string, model: string | null): boolean =>
  marks !== null && indexOf(marks).hidden.has(keyOf(providerId, model));

export const isFavorite = (marks: Marks, providerId: string, model: string): boolean =>
  marks !== null && indexOf(marks).favorites.has(keyOf(providerId, model));
