import type { DryRunGap, Provider, RouteCandidate, RoutePolicyInput } from '@boocontrol/contracts';
import { scoreOf } from '../routing/score.js';
import { highestOf } from './highest.js';
import { costsMore, isAffordable, isTaken, paysMore, takesMore } from './rules.js';

/** What is known of the time of a request besides its record. */
export interface Past {
  /** As it was; null: it was changed since, or is gone. */
  provider(id: string): Provider | null;
  /** The term quality of a model by a category; null: what was known of it is not known any more. */
  quality(model: string, category: string | null, providerId: string): number | null;
}

/** A candidate as the draft sees it, as far as that can be told. */
export interface Standing {
  /** null: one that the record had no place for, or that was never scored. */
  of: RouteCandidate | null;
  /** maybe: it cannot be told whether the draft could choose it. */
  is: 'in' | 'maybe';
  /** Whether it is known to be able to do what was asked; null: it was not noted. */
  isSure: boolean | null;
  /** Its score is at least and at most so much. */
  low: number;
  high: number;
  /** Its place among those that passed then; null: it did not. */
  rank: number | null;
  /** What is missing of it; null: nothing. */
  gap: DryRunGap | null;
}

export interface Question {
  candidates: readonly RouteCandidate[];
  /** What decided then. */
  rules: RoutePolicyInput;
  draft: RoutePolicyInput;
  past: Past;
}

/** A record holds so many candidates: one with so many may have had more. */
export const RECORDED = 64;

/** All that the draft could choose; what it certainly leaves out is not among them. */
export function standingsOf(question: Question): Standing[] {
  const { candidates } = question;
  const passed = candidates.filter(({ filter }) => filter === null);
  const border = borderOf(passed);
  const standings = passed.map((one, rank) => passedBefore(one, rank, border, question));
  for (const one of candidates) if (one.filter !== null) standings.push(leftOutBefore(one, question));
  return [...standings.filter((one) => one !== null), ...missing(passed, border, question)];
}

/** Those of which it is known come first: a better score after a worse one is where the others begin. null: not seen. */
function borderOf(passed: readonly RouteCandidate[]): number | null {
  const at = passed.findIndex(
    ({ score }, index) => index > 0 && (score ?? 0) > (passed[index - 1]?.score ?? 0),
  );
  return at === -1 ? null : at;
}

const sureOf = ({ isSure }: RouteCandidate, rank: number, border: number | null): boolean | null =>
  isSure ?? (border === null ? null : rank < border);

function passedBefore(
  of: RouteCandidate,
  rank: number,
  border: number | null,
  { rules, draft, past }: Question,
): Standing | null {
  const { providerId, model, terms } = of;
  if (terms === null) return null;
  const provider = past.provider(providerId);
  const verdicts = [isTaken(draft, of, provider, rules), isAffordable(draft, rules, of, provider)];
  if (verdicts.includes('no')) return null;
  const isKnown = !verdicts.includes('unknown');
  const isOther = draft.category !== rules.category && draft.weights.quality > 0;
  const quality = isOther ? past.quality(model, draft.category, providerId) : terms.quality;
  return {
    of,
    is: isKnown ? 'in' : 'maybe',
    isSure: sureOf(of, rank, border),
    low: scoreOf({ ...terms, quality: quality ?? 0 }, draft.weights),
    high: scoreOf({ ...terms, quality: quality ?? 1 }, draft.weights),
    rank,
    gap: isKnown ? (quality === null ? 'quality' : null) : 'host_changed',
  };
}

/** What stood against it besides the policy still does; what only the policy left out was never held against the rest. */
function leftOutBefore(of: RouteCandidate, { rules, draft, past }: Question): Standing | null {
  const { filter, providerId, model } = of;
  const provider = past.provider(providerId);
  if (filter === 'policy_excludes') {
    // Taken by the lists and left out all the same: it is hidden, or another BooControl's policy.
    if (!takesMore(rules, draft) || isTaken(rules, of, provider, null) === 'yes') return null;
    if (isTaken(draft, of, provider, null) === 'no') return null;
  } else if (filter === 'too_expensive') {
    if (!paysMore(rules, draft) || isTaken(draft, of, provider, rules) === 'no') return null;
  } else return null;
  if (draft.maxPrice !== null && provider !== null && costsMore(provider, model, draft.maxPrice)) return null;
  return { ...UNSEEN, gap: 'left_out' };
}

/** Nothing is known of it. */
const UNSEEN: Standing = { of: null, is: 'maybe', isSure: null, low: 0, high: 1, rank: null, gap: 'cut' };

/** Those that a full record had no place for. */
function missing(passed: readonly RouteCandidate[], border: number | null, question: Question): Standing[] {
  const { candidates, rules, draft } = question;
  if (candidates.length < RECORDED) return [];
  if (takesMore(rules, draft) || paysMore(rules, draft)) return [UNSEEN];
  const last = passed.at(-1);
  if (last === undefined || passed.length < RECORDED) return [];
  const isSure = sureOf(last, RECORDED - 1, border);
  if (isSure === null) return [UNSEEN];
  // They came after the last one: with at most its score, or without it being known of them as it is of that one.
  const isSameCategory = draft.category === rules.category;
  const high = highestOf(last.score ?? 1, rules.weights, draft.weights, isSameCategory);
  const after: Standing = { ...UNSEEN, isSure, high };
  return isSure ? [after, { ...UNSEEN, isSure: false }] : [after];
}
