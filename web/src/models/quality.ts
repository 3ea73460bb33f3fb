import type { Score } from '@boocontrol/contracts';
import { fits } from '@boocontrol/fleet-model';
import type { Place } from './matches';

/** How good models are, as the gateway knows it, for what is said beside them. */

/** The score of a place in a category, found as the gateway finds it; null: it was never measured. */
export function scoreOf(
  scores: readonly Score[],
  category: string | null,
  { providerId, model }: Place,
): Score | null {
  const all = scores.filter((score) => score.category === category);
  const own = all.filter((score) => score.model === model);
  return (
    own.find((score) => score.providerId === providerId) ??
    own.find((score) => score.providerId === undefined) ??
    own[0] ??
    all.find((score) => (score.providerId ?? providerId) === providerId && fits(score.model, model)) ??
    null
  );
}

export interface Quality {
  /** null: overall. */
  category: string | null;
  score: Score;
  /** Nothing that is there now is better, by the lower end of its interval. */
  isBest: boolean;
}

/**
 * What a model was measured at, overall first, and categories where it is the best before the others.
 * @param places where it is
 * @param all every model of every host that is there now
 */
export function qualitiesOf(
  scores: readonly Score[],
  places: readonly Place[],
  all: readonly Place[],
): Quality[] {
  const named = [...new Set(scores.flatMap(({ category }) => category ?? []))].toSorted();
  // Of one category alone the overall score says the same again.
  const hasOverall = named.length > 1 && scores.some(({ category }) => category === null);
  return [...(hasOverall ? [null] : []), ...named]
    .flatMap((category): Quality[] => {
      const [score] = places
        .flatMap((place) => scoreOf(scores, category, place) ?? [])
        .toSorted((a, b) => b.low - a.low);
      return score
        ? [{ category, score, isBest: score.low > 0 && score.low >= bestOf(scores, category, all) }]
        : [];
    })
    .toSorted((a, b) => Number(b.isBest) - Number(a.isBest));
}

/** Lists are long and scores few: the best of a category is looked for once for each list of scores and places. */
const found = new WeakMap<readonly Score[], WeakMap<readonly Place[], Map<string | null, number>>>();

function bestOf(scores: readonly Score[], category: string | null, all: readonly Place[]): number {
  const ofScores = found.get(scores) ?? new WeakMap<readonly Place[], Map<string | null, number>>();
  found.set(scores, ofScores);
  const known = ofScores.get(all) ?? new Map<string | null, number>();
  ofScores.set(all, known);
  const best =
    known.get(category) ??
    all.reduce((most, place) => Math.max(most, scoreOf(scores, category, place)?.low ?? 0), 0);
  known.set(category, best);
  return best;
}
