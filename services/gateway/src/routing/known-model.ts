import type { Model } from '@boocontrol/contracts';
import { abilitiesOf, type Abilities } from './ability.js';
import { guessQuality } from './prior.js';

/** A model with what its name and its host's words for it tell, which is read once. */
export interface KnownModel {
  model: Model;
  abilities: Abilities;
  /** How good it might be, where nobody measured it. */
  guess: number;
}

const known = new WeakMap<readonly Model[], readonly KnownModel[]>();

export function knownModel(model: Model): KnownModel {
  return { model, abilities: abilitiesOf(model), guess: guessQuality(model.id) };
}

/** The list of a host is replaced as a whole when anything of it changes. */
export function knownModels(models: readonly Model[]): readonly KnownModel[] {
  let read = known.get(models);
  if (read === undefined) known.set(models, (read = models.map(knownModel)));
  return read;
}
