import type {
  DryRun,
  DryRunChange,
  NewRoutePolicySchema,
  RouteCandidate,
  RouteFact,
  RouteTerms,
} from '@boocontrol/contracts';
import { fits, instantFromMs } from '@boocontrol/fleet-model';
import type { z } from 'zod';

type Draft = z.output<typeof NewRoutePolicySchema>;
type Scored = RouteCandidate & { terms: RouteTerms };

const WEIGHTS = ['quality', 'speed', 'readiness', 'load', 'affinity', 'price'] as const;
/** Of so many records one does not tell. */
const UNTOLD_EACH = 20;

export function meanOf(weights: RouteTerms, terms: RouteTerms): number {
  const sum = WEIGHTS.reduce((all, name) => all + weights[name], 0);
  return sum === 0 ? 0 : WEIGHTS.reduce((all, name) => all + weights[name] * terms[name], 0) / sum;
}

/** Made-up records held against a draft, in the manner of the gateway; its arithmetic is simpler. */
export function dryRunOf(dispatches: readonly RouteFact[], draft: Draft, nowMs: number): DryRun {
  const facts = dispatches.filter(({ policy }) => policy?.name === draft.name);
  const changes = facts.flatMap((fact, at) => (at % UNTOLD_EACH === 7 ? [] : changeOf(fact, draft)));
  const untold = Math.floor((facts.length + UNTOLD_EACH - 8) / UNTOLD_EACH);
  return {
    from: instantFromMs(nowMs - 24 * 3_600_000),
    to: instantFromMs(nowMs),
    requests: facts.length,
    isCut: false,
    same: facts.length - untold - changes.length,
    otherwise: changes.length,
    untold,
    gaps: untold > 0 ? [{ because: 'left_out', requests: untold }] : [],
    changes,
  };
}

function changeOf(fact: RouteFact, draft: Draft): DryRunChange[] {
  const { id, at, endpoint, source, candidates } = fact;
  const scored = candidates.filter((one): one is Scored => one.terms !== null);
  const taken = scored.filter(
    ({ providerId, model }) =>
      (draft.providers.length === 0 || draft.providers.includes(providerId)) &&
      (draft.models.length === 0 || draft.models.some((glob) => fits(glob, model))),
  );
  const scoreOf = ({ terms }: Scored): number => meanOf(draft.weights, terms);
  const [was] = scored;
  const [best] = taken.toSorted((a, b) => scoreOf(b) - scoreOf(a));
  if (was === undefined || was === best) return [];
  const place = (one: Scored): NonNullable<DryRunChange['wouldBe']> => ({
    providerId: one.providerId,
    model: one.model,
    terms: one.terms,
    scoreThen: one.score ?? 0,
    score: taken.includes(one) ? scoreOf(one) : null,
  });
  const leftOutBy = taken.includes(was) ? null : 'policy_excludes';
  return [
    {
      ...{ id, at, endpoint, source, version: fact.policy?.version ?? 1 },
      was: { ...place(was), leftOutBy },
      wouldBe: best === undefined ? null : place(best),
      becomes: best === undefined ? 'nobody' : 'other',
    },
  ];
}
