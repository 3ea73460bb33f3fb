import type { Price, Provider } from '@boocontrol/contracts';
import { fits } from './glob.js';

/** What a provider takes for a model, in US dollars for a million tokens; null: nobody said. */
export function priceOf({ prices }: Pick<Provider, 'prices'>, model: string): Price | null {
  const own = prices?.models?.find(({ match }) => fits(match, model));
  if (own === undefined) return prices?.default ?? null;
  const { match: _match, ...price } = own;
  return price;
}
