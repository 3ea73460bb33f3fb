import type { Model, Provider, RoutePolicy, RouteTerms } from '@boocontrol/contracts';
import { instantToMs, isFrontier, priceOf } from '@boocontrol/fleet-model';
import type { HostView } from './host-view.js';
import type { KnownModel } from './known-model.js';
import type { Figures, LastPlace, Quality } from './world.js';

/** Speed is told by the time that an answer of so many tokens takes, prompt included. */
const ANSWER_TOKENS = 200;
/** Seconds that are half as good as can be: 40 tokens a second, about as fast as people read along with ease. */
const HALF_ANSWER_S = 5;
/** Of a model that was not measured on this host: slower than what is known to be fine, better than what is known to crawl. */
const SPEED_UNKNOWN = 0.3;
/** A model that is not loaded is at most so ready, and at half of it after a load of so many seconds. */
const UNLOADED_MAX = 0.75;
const HALF_LOAD_S = 30;
/** Where no load was measured. */
const LOAD_UNKNOWN_MS = 30_000;
/** A load may have to unload what others use: while they use it, and while they do not. */
const EVICTS_BUSY = 0.5;
const EVICTS_IDLE = 0.8;

/** For a model that was asked for by its own name: loaded first, then the least busy. */
export const BY_NAME: Pick<RoutePolicy, 'weights' | 'category'> = {
  weights: { quality: 0, speed: 0, readiness: 10, load: 2, affinity: 1, price: 0 },
  category: null,
};

export interface Signals {
  figures: Figures | null;
  /** null: it was never measured. */
  quality: Quality | null;
  last: LastPlace | null;
  nowMs: number;
}

const share = (value: number): number => (value > 0 ? Math.min(1, value) : 0);

/** The parts of a candidate's score, each 0 to 1. None of them rises with the requests that the host has. */
export function termsOf(view: HostView, { model, guess }: KnownModel, signals: Signals): RouteTerms {
  const { figures, quality, last, nowMs } = signals;
  const { provider } = view.routed;
  const ready = readiness(view, model, figures, nowMs);
  const isSamePlace = last !== null && last.providerId === provider.id && last.model === model.id;
  const isFull = view.inFlight >= view.slots;
  return {
    quality: share(quality?.low ?? guess),
    speed: speed(figures),
    readiness: ready,
    load: share(1 - view.inFlight / view.slots),
    // What the session left in the cache went with the model, and a queue costs more than the cache saves.
    affinity: isSamePlace && ready === 1 && !isFull ? 1 : 0,
    price: priceTerm(provider, model.id),
  };
}

/** Own hosts cost nothing; what is behind another gateway is not known; services come after both, however cheap they are. */
const OWN_PRICE = { 'llama-swap': 1, 'boocontrol-gateway': 0.8, openai: 1 } as const;
const SERVICE_PRICE = 0.4;
/** US dollars for a million tokens, three of the prompt to one of the answer, that are half as good as nothing. */
const HALF_PRICE = 1;

function priceTerm(provider: Provider, model: string): number {
  const price = priceOf(provider, model);
  if (price === null) return isFrontier(provider) ? 0 : OWN_PRICE[provider.kind];
  const dollars = (3 * price.input + price.output) / 4;
  return (isFrontier(provider) ? SERVICE_PRICE : OWN_PRICE[provider.kind]) / (1 + dollars / HALF_PRICE);
}

function speed(figures: Figures | null): number {
  const { genTps = null, ttftMs = null } = figures ?? {};
  if (genTps === null || genTps <= 0) return SPEED_UNKNOWN;
  const answerS = Math.max(0, ttftMs ?? 0) / 1_000 + ANSWER_TOKENS / genTps;
  return 1 / (1 + answerS / HALF_ANSWER_S);
}

export function isLoaded({ routed }: HostView, { state, peerId }: Model): boolean {
  if (state === 'ready' || peerId !== null) return true;
  // Nothing is loaded at a service; another BooControl tells, but of names that it does not list.
  return routed.provider.kind !== 'llama-swap' && state !== 'stopped';
}

function readiness(view: HostView, model: Model, figures: Figures | null, nowMs: number): number {
  if (isLoaded(view, model)) return 1;
  const loadMs = figures?.loadMs ?? LOAD_UNKNOWN_MS;
  if (model.state === 'starting') {
    const passedMs = model.since === null ? 0 : Math.max(0, nowMs - instantToMs(model.since));
    return waiting(Math.max(0, loadMs - passedMs));
  }
  const evicts = view.loaded === 0 ? 1 : view.inFlight > 0 ? EVICTS_BUSY : EVICTS_IDLE;
  return evicts * waiting(loadMs);
}

const waiting = (ms: number): number => UNLOADED_MAX / (1 + Math.max(0, ms) / 1_000 / HALF_LOAD_S);

/** Weighted mean of the terms, 0 to 1; 0 where nothing has a weight. */
export function scoreOf(terms: RouteTerms, weights: RouteTerms): number {
  const sum =
    weights.quality + weights.speed + weights.readiness + weights.load + weights.affinity + weights.price;
  if (sum <= 0) return 0;
  const weighted =
    weights.quality * terms.quality +
    weights.speed * terms.speed +
    weights.readiness * terms.readiness +
    weights.load * terms.load +
    weights.affinity * terms.affinity +
    weights.price * terms.price;
  return share(weighted / sum);
}
