'use client';
import { useMemo } from 'react';
import { useLive } from '../live';
import { placesOf, type Place } from './matches';

/** Every model of every host that is known, as the fleet is now. */
export function usePlaces(): readonly Place[] {
  const providers = useLive((state) => state.providers);
  const hosts = useLive(({ fleet }) => fleet?.hosts);
  return useMemo(() => placesOf(providers, hosts ?? {}), [providers, hosts]);
}
