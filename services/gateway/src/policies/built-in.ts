import { RoutePolicyInputSchema, type RoutePolicy, type RoutePolicyInput } from '@boocontrol/contracts';

type Given = Pick<RoutePolicyInput, 'description' | 'weights'> & { category?: string };

const INPUTS: Readonly<Record<string, Given>> = {
  auto: {
    description: 'A bit of everything: good, soon and not too slow',
    weights: { quality: 1, speed: 0.7, readiness: 1, load: 0.7, affinity: 0.7, price: 0.3 },
  },
  code: {
    description: 'The best model for coding agents; waiting for it is worth while',
    weights: { quality: 1, speed: 0.2, readiness: 0.2, load: 0.3, affinity: 0.5, price: 0.2 },
    category: 'agent-coding',
  },
  fast: {
    description: 'The first token soon, and then many of them',
    weights: { quality: 0.2, speed: 0.8, readiness: 1, load: 0.6, affinity: 0.2, price: 0.1 },
  },
  cheap: {
    description: 'Own hosts before services that cost something',
    weights: { quality: 0.1, speed: 0.1, readiness: 0.15, load: 0.1, affinity: 0.1, price: 1 },
  },
};

/** Of those that nobody changed yet: they have been there from the first start. */
const SINCE = '2026-11-21T00:00:00.000000Z';

/** As they are until somebody changes them; there also while no database ever came. */
export const BUILT_IN: ReadonlyMap<string, RoutePolicy> = new Map(
  Object.entries(INPUTS).map(([name, input]) => [
    name,
    { ...RoutePolicyInputSchema.parse(input), name, version: 1, isBuiltIn: true, updatedAt: SINCE },
  ]),
);

export const isBuiltIn = (name: string): boolean => BUILT_IN.has(name);

/** The built-in ones first, in their order, then by name. */
export function inOrder(policies: Iterable<RoutePolicy>): RoutePolicy[] {
  const order = [...BUILT_IN.keys()];
  const place = ({ name }: RoutePolicy): number =>
    order.includes(name) ? order.indexOf(name) : order.length;
  return [...policies].sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
}
