import type {
  DryRunChange,
  DryRunGap,
  RouteCandidate,
  RouteFilter,
  RoutePolicyInput,
  RouteTerms,
} from '@boocontrol/contracts';
import { scoreOf } from '../routing/score.js';
import { isTaken } from './rules.js';
import { standingsOf, type Question, type Standing } from './standings.js';

type Change = Pick<DryRunChange, 'was' | 'wouldBe' | 'becomes'>;

export type Redecision =
  { is: 'same' } | { is: 'otherwise'; change: Change } | { is: 'untold'; because: DryRunGap };

/** Scores of one record, computed again, differ by no more than what computing costs. */
const ROUNDING = 1e-9;

/**
 * Whom a draft would have chosen, by what the record of the decision holds. What does not follow from it with certainty is
 * untold: a candidate of which something is missing counts with all that it may have been.
 */
export function redecide(question: Question): Redecision {
  const { candidates, rules, draft } = question;
  if (decidesAlike(rules, draft)) return { is: 'same' };
  const was = candidates.find(({ filter }) => filter === null) ?? null;
  if (!isScoredBy(rules, candidates)) return { is: 'untold', because: 'rules' };
  const standings = standingsOf(question);
  const outcome = (chosen: RouteCandidate): Outcome => ({ was: chosen, standings, question });
  const able = standings.filter(({ is }) => is === 'in');
  const winner = able.find((one) => standings.every((other) => other === one || beats(one, other)));
  if (winner?.of != null) {
    if (winner.of === was) return { is: 'same' };
    if (was !== null) return otherwise(outcome(was), 'other', winner);
  }
  if (standings.length === 0) return was === null ? { is: 'same' } : otherwise(outcome(was), 'nobody');
  const own = standings.find(({ of }) => of !== null && of === was);
  if (was !== null && (own === undefined || able.some((one) => one !== own && beats(one, own))))
    return otherwise(outcome(was), 'not_told');
  return { is: 'untold', because: gapOf(standings, own ?? able[0]) };
}

type Deciding = Pick<RoutePolicyInput, 'weights' | 'category' | 'providers' | 'tags' | 'models' | 'maxPrice'>;

/** Patience, attempts and words do not decide who is asked. */
function decidesAlike(a: Deciding, b: Deciding): boolean {
  const of = ({ weights, category, providers, tags, models, maxPrice }: Deciding): string =>
    JSON.stringify([
      [weights.quality, weights.speed, weights.readiness, weights.load, weights.affinity, weights.price],
      [category, maxPrice, providers.toSorted(), tags.toSorted(), models.toSorted()],
    ]);
  return of(a) === of(b);
}

const isScoredBy = ({ weights }: RoutePolicyInput, candidates: readonly RouteCandidate[]): boolean =>
  candidates.every(({ filter, terms, score }) =>
    terms === null || score === null
      ? filter !== null
      : Math.abs(scoreOf(terms, weights) - score) <= ROUNDING,
  );

/** Whether one comes before another whatever is missing of them. */
function beats(one: Standing, other: Standing): boolean {
  if (one.isSure === true && other.isSure === false) return true;
  if (!isAsSure(one, other)) return false;
  if (one.low !== other.high) return one.low > other.high;
  return one.of !== null && other.of !== null && isBefore(one.of, other.of);
}

/** Whether the other is certainly not the only one of the two that is known to be able to do it. */
function isAsSure(one: Standing, other: Standing): boolean {
  if (one.isSure === true || other.isSure === false) return true;
  if (one.isSure === false) return false;
  // Not noted of this one. Those of which it was known came first.
  return one.rank !== null && other.rank !== null && one.rank < other.rank;
}

/** As equals are ordered in a decision. */
const isBefore = (a: RouteCandidate, b: RouteCandidate): boolean =>
  a.providerId === b.providerId ? a.model < b.model : a.providerId < b.providerId;

/** What stands in the way of saying that this one, or anybody, would be chosen. */
function gapOf(standings: readonly Standing[], best: Standing | undefined): DryRunGap {
  const inTheWay = standings.filter((one) => best === undefined || (one !== best && !beats(best, one)));
  return inTheWay.find(({ gap }) => gap !== null)?.gap ?? best?.gap ?? 'ability';
}

interface Outcome {
  was: RouteCandidate;
  standings: readonly Standing[];
  question: Question;
}

function otherwise(
  { was, standings, question }: Outcome,
  becomes: DryRunChange['becomes'],
  winner: Standing | null = null,
): Redecision {
  const { rules, draft, past } = question;
  const own = standings.find(({ of }) => of === was) ?? null;
  const byLists = (): RouteFilter =>
    isTaken(draft, was, past.provider(was.providerId), rules) === 'no' ? 'policy_excludes' : 'too_expensive';
  const wouldBe = winner?.of == null ? null : placeOf(winner.of, winner);
  return {
    is: 'otherwise',
    change: { was: { ...placeOf(was, own), leftOutBy: own === null ? byLists() : null }, wouldBe, becomes },
  };
}

const NO_TERMS: RouteTerms = { quality: 0, speed: 0, readiness: 0, load: 0, affinity: 0, price: 0 };

/** @param standing null: the draft leaves it out */
function placeOf(
  { providerId, model, terms, score }: RouteCandidate,
  standing: Standing | null,
): NonNullable<DryRunChange['wouldBe']> {
  const isTold = standing !== null && standing.low === standing.high;
  return {
    providerId,
    model,
    terms: terms ?? NO_TERMS,
    scoreThen: score ?? 0,
    score: isTold ? standing.low : null,
  };
}
