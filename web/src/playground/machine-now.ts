import { live } from '../live';
import { placesOf } from '../models/matches';
import { machineOf } from './lanes';

/** The machine that a model's requests go to, as the fleet is now; null: see machineOf. */
export const machineNow = (model: string): string | null => {
  const { providers, fleet } = live.get();
  return machineOf(model, providers, placesOf(providers, fleet?.hosts ?? {}));
};
