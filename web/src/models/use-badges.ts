'use client';
import type { RouteChoices, Scores } from '@boocontrol/contracts';
import { useCallback } from 'react';
import { useResource } from '../api/resource';
import { useLive } from '../live';
import { badgesOf, type Badge } from './badges';
import type { Place } from './matches';

const NO_HOSTS = {};
const CHOICES = '/routing/choices';
/** What would be chosen follows the fleet; a glance at a list needs it no fresher. One request, whoever shows it. */
const EVERY_MS = 30_000;

/** What each policy would choose, and how fast models are; null: not told yet. */
export const useChoices = (): RouteChoices | null => useResource<RouteChoices>(CHOICES, EVERY_MS).data;

const SCORES = '/routing/scores';

/** What speaks for models, as the fleet is now. */
export function useBadges(): (places: readonly Place[]) => Badge[] {
  const choices = useChoices();
  const scores = useResource<Scores>(SCORES, EVERY_MS).data?.scores ?? null;
  const hosts = useLive(({ fleet }) => fleet?.hosts);
  const providers = useLive((state) => state.providers);
  return useCallback(
    (places: readonly Place[]) => badgesOf(places, { hosts: hosts ?? NO_HOSTS, providers, choices, scores }),
    [hosts, providers, choices, scores],
  );
}
