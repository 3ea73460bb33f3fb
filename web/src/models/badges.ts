import type { HostState, PublicProvider, RouteChoices } from '@boocontrol/contracts';
import { rate } from '../format/number';
import type { Tone } from '../ui/tone';
import type { Place } from './matches';

/** What speaks for a model now, in a word or two, and why. */
export interface Badge {
  key: 'loaded' | 'best' | 'speed';
  tone: Tone;
  text: string;
  /** A sentence. */
  why: string;
}

interface Known {
  hosts: Readonly<Record<string, HostState>>;
  providers: readonly Pick<PublicProvider, 'id' | 'label'>[];
  /** null: not told yet. */
  choices: RouteChoices | null;
}

/** Tokens a second: from here on an answer comes faster than anybody reads; below the other one waits for it. */
const FAST_TPS = 50;
const SLOW_TPS = 15;

/** @param places where it is: one host, or all that have it */
export function badgesOf(places: readonly Place[], known: Known): Badge[] {
  return [loaded(places, known), best(places, known), speed(places, known)].filter((badge) => badge !== null);
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

function speed(places: readonly Place[], { choices, providers }: Known): Badge | null {
  const [fastest] = (choices?.speeds ?? [])
    .filter((each) => places.some((place) => isThere(place, each)))
    .toSorted((a, b) => b.genTps - a.genTps);
  if (!fastest) return null;
  const { genTps, providerId } = fastest;
  const text = genTps >= FAST_TPS ? 'fast' : genTps < SLOW_TPS ? 'slow' : 'medium';
  return {
    key: 'speed',
    tone: text === 'slow' ? 'busy' : 'neutral',
    text,
    why: `${rate(genTps)} tokens a second on ${nameOf(providers, providerId)}, the median of its last days.`,
  };
}

const isThere = (a: Place, b: Place): boolean => a.providerId === b.providerId && a.model === b.model;

const nameOf = (providers: Known['providers'], id: string): string =>
  providers.find((provider) => provider.id === id)?.label ?? id;

const listed = (names: readonly string[]): string =>
  names.length < 3 ? names.join(' and ') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
