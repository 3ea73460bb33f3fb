import type { Model, RouteCandidate, RouteFilter, RouteTerms } from '@boocontrol/contracts';
import { bestOf } from './best.js';
import { modelFilter } from './filters.js';
import { viewOf, type HostView } from './host-view.js';
import { knownModel, knownModels, type KnownModel } from './known-model.js';
import { sentenceOf, type Circumstances, type LeftOut } from './reasons.js';
import { BY_NAME, scoreOf, termsOf } from './score.js';
import type { Quality, RoutedProvider } from './world.js';

export interface Passing {
  view: HostView;
  model: Model;
  /** Whether it is known to be able to do what is asked; others come after all that are. */
  isSure: boolean;
  score: number;
  terms: RouteTerms;
  /** null: it was never measured, so its name is guessed from. */
  quality: Quality | null;
}

export interface Candidates {
  /** Best first. */
  passing: Passing[];
  leftOut: LeftOut[];
}

/** What a client that names a model may try all the same, where nobody else is better: the host says itself what is wrong. */
const OVERRIDABLE: ReadonlySet<RouteFilter> = new Set([
  'load_failed',
  'context_too_long',
  'capability_missing',
]);

/**
 * Every model that could serve a request, filtered and in order.
 * @param isMeant whether the client means this model; null: every one
 * @param max so many of those that pass
 */
export function gather(
  providers: readonly RoutedProvider[],
  isMeant: ((model: Model) => boolean) | null,
  circumstances: Circumstances,
  max: number,
): Candidates {
  const { world, ask, policy, nowMs } = circumstances;
  const wanted = { policy, leaseToken: ask.leaseToken, nowMs };
  const passing: Passing[] = [];
  const leftOut: LeftOut[] = [];
  for (const routed of providers) {
    const view = viewOf(world, routed, wanted);
    for (const known of knownModels(view.models)) {
      const { model } = known;
      if (isMeant !== null && !isMeant(model)) continue;
      const filter = view.filter ?? modelFilter(world, routed.provider, known, ask, circumstances);
      if (filter === null) passing.push(passingOf(view, known, circumstances));
      else leftOut.push({ view, model, filter });
    }
  }
  if (passing.length === 0 && policy === null) return overridden(leftOut, circumstances, max);
  return { passing: bestOf(passing, max, compare), leftOut };
}

function overridden(leftOut: LeftOut[], circumstances: Circumstances, max: number): Candidates {
  const tried = leftOut.filter(({ filter }) => OVERRIDABLE.has(filter));
  const passing = tried.map(({ view, model }) => passingOf(view, knownModel(model), circumstances));
  return {
    passing: bestOf(passing, max, compare),
    leftOut: leftOut.filter(({ filter }) => !OVERRIDABLE.has(filter)),
  };
}

export function passingOf(
  view: HostView,
  known: KnownModel,
  { world, ask, policy, nowMs }: Circumstances,
): Passing {
  const { weights, category } = policy ?? BY_NAME;
  const { model, abilities } = known;
  const quality = world.quality(model.id, category, view.routed.provider.id);
  const terms = termsOf(view, known, {
    figures: world.figures(view.routed.provider.id, model.id),
    quality,
    last: ask.session === null ? null : world.lastOf(ask.session),
    nowMs,
  });
  let isSure = true;
  for (const need of ask.needs) if (abilities[need] !== 'yes') isSure = false;
  const score = scoreOf(terms, weights);
  return { view, model, isSure, score, terms, quality };
}

/** Ids decide between equals, so that the same fleet gives the same choice. */
function compare(a: Passing, b: Passing): number {
  if (a.isSure !== b.isSure) return a.isSure ? -1 : 1;
  if (a.score !== b.score) return b.score - a.score;
  const [providerA, providerB] = [a.view.routed.provider.id, b.view.routed.provider.id];
  if (providerA !== providerB) return providerA < providerB ? -1 : 1;
  return a.model.id < b.model.id ? -1 : a.model.id > b.model.id ? 1 : 0;
}

function qualityOf(quality: Quality | null): Pick<RouteCandidate, 'quality' | 'measured'> {
  if (quality === null) return { quality: 'guessed' };
  const { category = null, mean, low, high, n, by, runId } = quality;
  if (mean === undefined || high === undefined || n === undefined || by === undefined)
    return { quality: 'measured' };
  const measured = { category, mean, low, high, n, by, ...(runId === undefined ? {} : { runId }) };
  return { quality: 'measured', measured };
}

/** For the record: what passed in its order, then what was left out, that which the policy leaves out last. */
export function recordOf(
  { passing, leftOut }: Candidates,
  circumstances: Circumstances,
  max: number,
  isChosenFrom = true,
): RouteCandidate[] {
  const record: RouteCandidate[] = passing
    .slice(0, max)
    .map(({ view, model, isSure, score, terms, quality }) => ({
      providerId: view.routed.provider.id,
      model: model.id,
      filter: null,
      why: null,
      score: isChosenFrom ? score : null,
      terms: isChosenFrom ? terms : null,
      ...(isChosenFrom ? { isSure, ...qualityOf(quality) } : {}),
    }));
  for (const isPolicy of [false, true]) {
    for (const one of leftOut) {
      if (record.length >= max) return record;
      if ((one.filter === 'policy_excludes') !== isPolicy) continue;
      const [providerId, why] = [one.view.routed.provider.id, sentenceOf(one, circumstances)];
      record.push({ providerId, model: one.model.id, filter: one.filter, why, score: null, terms: null });
    }
  }
  return record;
}
