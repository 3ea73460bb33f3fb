import type { HostState, PublicProvider, RouteChoices, Score } from '@boocontrol/contracts';
import { plural, rate } from '../format/number';
import type { Tone } from '../ui/tone';
import { placesOf, type Place } from './matches';
import { qualitiesOf, type Quality } from './quality';

/** What speaks for a model now, in a word or two, and why. */
export interface Badge {
  key: 'loaded' | 'best' | 'quality' | 'speed';
  tone: Tone;
  text: string;
  /** A sentence. */
  why: string;
}

interface Known {
  hosts: Readonly<Record<string, HostState>>;
  providers: readonly PublicProvider[];
  /** null: not told yet. */
  choices: RouteChoices | null;
  /** null: not told yet. */
  scores: readonly Score[] | null;
}

/** Tokens a second: from here on an answer comes faster than anybody reads; below the other one waits for it. */
const FAST_TPS = 50;
const SLOW_TPS = 15;

/** @param places where it is: one host, or all that have it */
export function badgesOf(places: readonly Place[], known: Known): Badge[] {
  return [loaded(places, known), best(places, known), quality(places, known), speed(places, known)].filter(
    (badge) => badge !== null,
  );
}

function loaded(places: readonly Place[], { hosts, providers }: Known): Badge | null {
  const on = places.filter(({ providerId, model }) =>
    hosts[providerId]?.models.some(({ id, state }) => id === model && state === 'ready'),
  );
  if (on.length === 0) return null;
  const names = on.map(({ providerId }) => nameOf(providers, providerId));
  return { key: 'loaded', tone: 'ready', text: 'loaded', why: `Loaded now on ${listed(names)}.` };
}

function best(places: readonly Place[], { choices, providers }: Known): Badge | null {
  const by = (choices?.policies ?? []).flatMap(({ name, choice }) =>
    choice && places.some((place) => isThere(place, choice)) ? [{ name, choice }] : [],
  );
  const [first] = by;
  if (!first) return null;
  const names = by.map(({ name }) => (name === 'auto' ? name : `auto:${name}`));
  const host = nameOf(providers, first.choice.providerId);
  return {
    key: 'best',
    tone: 'own',
    text: `best: ${by.map(({ name }) => name).join(', ')}`,
    why: `${listed(names)} would choose it for a plain chat now, on ${host}.`,
  };
}

/** The best of a category, or overall, is said so; of the others how they do overall, or in the first category. */
function quality(places: readonly Place[], { scores, providers, hosts }: Known): Badge | null {
  if (!scores) return null;
  const all = qualitiesOf(scores, places, everyPlace(providers, hosts));
  const bests = all.filter(({ isBest }) => isBest);
  const [first] = all;
  if (!first) return null;
  const share = `${Math.round(100 * first.score.mean)} % ${first.category ?? 'overall'}`;
  return {
    key: 'quality',
    tone: bests.length > 0 ? 'ready' : 'neutral',
    text:
      bests.length > 0 ? `best ${bests.map(({ category }) => category ?? 'overall').join(', ')} now` : share,
    why: all.map((each) => qualityWords(each, providers)).join(' '),
  };
}

function qualityWords(
  { category, score: { mean, low, high, n, providerId }, isBest }: Quality,
  providers: Known['providers'],
): string {
  const [middle, from, to] = [mean, low, high].map((value) => Math.round(100 * value));
  const where = providerId === undefined ? '' : `, asked on ${nameOf(providers, providerId)}`;
  const what = category === null ? 'all categories together' : category;
  return `Passes ${middle} % (${from} to ${to} %) of ${plural(n, 'item')} of ${what}${where}${isBest ? ': the best of all models that are there now.' : '.'}`;
}

/** The same list as long as the fleet is the same, so that what is reckoned of it is kept. */
let lastPlaces: { providers: Known['providers']; hosts: Known['hosts']; places: readonly Place[] } | null =
  null;
function everyPlace(providers: Known['providers'], hosts: Known['hosts']): readonly Place[] {
  if (lastPlaces?.providers !== providers || lastPlaces.hosts !== hosts)
    lastPlaces = { providers, hosts, places: placesOf(providers, hosts) };
  return lastPlaces.places;
}

function speed(places: readonly Place[], { choices, providers, hosts }: Known): Badge | null {
  const [fastest] = (choices?.speeds ?? [])
    .filter((each) => places.some((place) => isThere(place, each)))
    .toSorted((a, b) => b.genTps - a.genTps);
  if (!fastest) return null;
  const { genTps, providerId } = fastest;
  const isLoaded = ({ providerId: id, model }: Place): boolean =>
    hosts[id]?.models.some((each) => each.id === model && each.state === 'ready') ?? false;
  const isFastest =
    isLoaded(fastest) && (choices?.speeds ?? []).every((other) => other.genTps <= genTps || !isLoaded(other));
  const pace = genTps >= FAST_TPS ? 'fast' : genTps < SLOW_TPS ? 'slow' : 'medium';
  return {
    key: 'speed',
    tone: isFastest ? 'ready' : pace === 'slow' ? 'busy' : 'neutral',
    text: isFastest ? 'fastest loaded' : pace,
    why: `${rate(genTps)} tokens a second on ${nameOf(providers, providerId)}, the median of its last days${isFastest ? ': the fastest of those that are loaded' : ''}.`,
  };
}

const isThere = (a: Place, b: Place): boolean => a.providerId === b.providerId && a.model === b.model;

const nameOf = (providers: Known['providers'], id: string): string =>
  providers.find((provider) => provider.id === id)?.label ?? id;

const listed = (names: readonly string[]): string =>
  names.length < 3 ? names.join(' and ') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
