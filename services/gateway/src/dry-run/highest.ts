import { RouteTermsSchema, type RouteTerms } from '@boocontrol/contracts';

const TERMS = RouteTermsSchema.keyof().options;

/**
 * The highest score that a candidate can have by other weights, of which only its score by these is known. Its terms are
 * raised one after the other, first those that add most for what they cost of the known score.
 * @param isSameQuality false: its quality is another by the other weights, and may be 1
 */
export function highestOf(known: number, from: RouteTerms, to: RouteTerms, isSameQuality: boolean): number {
  const sum = (weights: RouteTerms): number => TERMS.reduce((all, term) => all + weights[term], 0);
  const whole = sum(to);
  if (whole <= 0) return 0;
  let left = known * sum(from);
  let high = 0;
  const costOf = (term: keyof RouteTerms): number => (term === 'quality' && !isSameQuality ? 0 : from[term]);
  const worth = (term: keyof RouteTerms): number => (costOf(term) > 0 ? to[term] / costOf(term) : Infinity);
  for (const term of [...TERMS].sort((a, b) => worth(b) - worth(a) || 0)) {
    const cost = costOf(term);
    const value = cost > 0 ? Math.min(1, left / cost) : 1;
    left -= cost * value;
    high += to[term] * value;
  }
  return Math.min(1, high / whole);
}
