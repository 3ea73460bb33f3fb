import type { Model } from '@boocontrol/contracts';

/** By its id, else by another name that requests may use for it; null: the host has no such model. */
export function findModel<M extends Pick<Model, 'id' | 'aliases'>>(
  models: readonly M[],
  name: string,
): M | null {
  return models.find(({ id }) => id === name) ?? models.find(({ aliases }) => aliases.includes(name)) ?? null;
}
