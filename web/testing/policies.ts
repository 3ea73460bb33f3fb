import type { RoutePolicy, RouteTerms } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';

const weights = (more: Partial<RouteTerms>): RouteTerms => ({
  quality: 0.5,
  speed: 0.5,
  readiness: 0.5,
  load: 0.5,
  affinity: 0.5,
  price: 0.2,
  ...more,
});

export const policy = (
  name: string,
  description: string,
  terms: Partial<RouteTerms>,
  more: Partial<RoutePolicy> = {},
): RoutePolicy => ({
  name,
  description,
  weights: weights(terms),
  category: null,
  providers: [],
  tags: [],
  models: [],
  attempts: 3,
  firstByteS: 600,
  budgetS: null,
  hedgeAfterMs: null,
  maxPrice: null,
  version: 1,
  isBuiltIn: true,
  updatedAt: instantFromMs(Date.UTC(2026, 10, 21)),
  ...more,
});

/** The four that are always there, and one of a home. */
export const madePolicies = (): RoutePolicy[] => [
  policy('auto', 'A bit of everything: good, soon and not too slow', { quality: 1, readiness: 1 }),
  policy(
    'code',
    'The best model for coding agents; waiting for it is worth while',
    { quality: 1, speed: 0.2 },
    { category: 'agent-coding' },
  ),
  policy('fast', 'The first token soon, and then many of them', { quality: 0.2, readiness: 1 }),
  policy('cheap', 'Own hosts before services that cost something', { quality: 0.1, price: 1 }),
  policy(
    'night',
    'Big models while we sleep',
    { quality: 1, readiness: 0.1, price: 1 },
    { isBuiltIn: false, version: 3, models: ['*70b*', '*120b*'], firstByteS: 1_800 },
  ),
];
