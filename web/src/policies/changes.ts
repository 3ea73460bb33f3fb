import type { RoutePolicyInput } from '@boocontrol/contracts';
import { TERMS } from '../dispatch/dispatch-words';

const listed = (list: readonly string[]): string => (list.length === 0 ? 'all' : list.join(', '));
const price = (most: number | null): string => (most === null ? 'any' : `$${most}`);

const seconds = (most: number | null): string => (most === null ? 'any' : String(most));

const hedge = (afterMs: number | null): string => (afterMs === null ? 'never' : String(afterMs));

/** What differs from one version of a policy to another, each as "quality 1 → 0.5"; empty: nothing. */
export function policyChanges(from: RoutePolicyInput, to: RoutePolicyInput): string[] {
  const pairs: [name: string, before: string, after: string][] = [
    ['description', `“${from.description}”`, `“${to.description}”`],
    ...TERMS.map((term): [string, string, string] => [
      term,
      String(from.weights[term]),
      String(to.weights[term]),
    ]),
    ['category', from.category ?? 'none', to.category ?? 'none'],
    ['hosts', listed(from.providers), listed(to.providers)],
    ['tags', listed(from.tags), listed(to.tags)],
    ['models', listed(from.models), listed(to.models)],
    ['attempts', String(from.attempts), String(to.attempts)],
    ['seconds to the first byte', String(from.firstByteS), String(to.firstByteS)],
    ['seconds to the content', seconds(from.budgetS), seconds(to.budgetS)],
    ['ms to a second host', hedge(from.hedgeAfterMs), hedge(to.hedgeAfterMs)],
    ['price at most', price(from.maxPrice), price(to.maxPrice)],
  ];
  return pairs.flatMap(([name, before, after]) => (before === after ? [] : [`${name} ${before} → ${after}`]));
}
