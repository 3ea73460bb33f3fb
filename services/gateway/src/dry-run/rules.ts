import type { Provider, RouteCandidate, RoutePolicyInput } from '@boocontrol/contracts';
import { fits, isFrontier, priceOf } from '@boocontrol/fleet-model';

/** unknown: its record does not tell. */
export type Verdict = 'yes' | 'no' | 'unknown';

type Lists = Pick<RoutePolicyInput, 'providers' | 'tags' | 'models'>;
type Place = Pick<RouteCandidate, 'providerId' | 'model'>;

const isWider = (from: readonly string[], to: readonly string[]): boolean =>
  from.length > 0 && (to.length === 0 || to.some((one) => !from.includes(one)));

/** Whether `to` may take what the lists of `from` leave out. */
export const takesMore = (from: Lists, to: Lists): boolean =>
  isWider(from.providers, to.providers) || isWider(from.tags, to.tags) || isWider(from.models, to.models);

/** Whether `to` may take what is too expensive for `from`. */
export const paysMore = (from: RoutePolicyInput, to: RoutePolicyInput): boolean =>
  from.maxPrice !== null && (to.maxPrice === null || to.maxPrice > from.maxPrice);

/**
 * Whether lists let a candidate through.
 * @param provider as it was then; null: not known
 * @param passed lists that have let its host through then; null: not known of any
 */
export function isTaken(lists: Lists, at: Place, provider: Provider | null, passed: Lists | null): Verdict {
  const { providers, tags, models } = lists;
  if (providers.length > 0 && !providers.includes(at.providerId)) return 'no';
  if (models.length > 0 && !models.some((pattern) => fits(pattern, at.model))) return 'no';
  if (tags.length === 0) return 'yes';
  if (provider !== null) return tags.some((tag) => provider.tags.includes(tag)) ? 'yes' : 'no';
  return passed !== null && passed.tags.length > 0 && passed.tags.every((tag) => tags.includes(tag))
    ? 'yes'
    : 'unknown';
}

/**
 * Whether a candidate that was scored costs at most so much.
 * @param provider as it was then; null: not known
 */
export function isAffordable(
  { maxPrice }: RoutePolicyInput,
  rules: RoutePolicyInput,
  { model, terms }: Pick<RouteCandidate, 'model' | 'terms'>,
  provider: Provider | null,
): Verdict {
  if (maxPrice === null || (rules.maxPrice !== null && rules.maxPrice <= maxPrice)) return 'yes';
  // The ends of the term say it: nothing has to be paid; or it is a service, and nobody knows what it takes.
  if (terms?.price === 1) return 'yes';
  if (terms?.price === 0) return 'no';
  if (provider === null) return 'unknown';
  return costsMore(provider, model, maxPrice) ? 'no' : 'yes';
}

export function costsMore(provider: Provider, model: string, maxPrice: number): boolean {
  const price = priceOf(provider, model);
  return price === null ? isFrontier(provider) : price.output > maxPrice;
}
