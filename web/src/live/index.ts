'use client';
import type { Action, HostState, Lease, PublicProvider } from '@boocontrol/contracts';
import { emptyHost } from '@boocontrol/fleet-model';
import { useSyncExternalStore } from 'react';
import { session } from '../api/session';
import { createConnection } from './connection';
import type { Marks } from './marks';
import { initialState } from './state';
import { createLiveStore, type Live } from './store';
import { createTicker } from './ticker';

export const live = createLiveStore({
  now: () => Date.now(),
  requestFrame: (run) => requestAnimationFrame(run),
  later: (run, ms) => setTimeout(run, ms),
});
export const connection = createConnection(live, () => void session.check());

const onServer: Live = { ...initialState, link: { phase: 'connecting', sinceMs: 0, bye: null } };

/** The selector must give the same reference while nothing that it selects has changed. */
export function useLive<T>(select: (state: Live) => T): T {
  return useSyncExternalStore(
    live.subscribe,
    () => select(live.get()),
    () => select(onServer),
  );
}

const unseen = new Map<string, HostState>();
function unseenHost(id: string): HostState {
  const host = unseen.get(id) ?? emptyHost(id);
  unseen.set(id, host);
  return host;
}
/** A provider of which no fact has come yet is an empty host. */
export const useHost = (id: string): HostState => useLive(({ fleet }) => fleet?.hosts[id] ?? unseenHost(id));

/** Now by the server's clock. */
export const serverNow = (): number => Date.now() + live.get().clockOffsetMs;

const seconds = createTicker(1000);
/** Whole seconds, so that several reads in one render agree. */
const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** Re-renders when what is made of the time changes; must give a primitive. */
export function useTick<T extends string | number | boolean>(make: (nowMs: number) => T): T {
  return useSyncExternalStore(
    seconds.subscribe,
    () => make(wholeSecond(serverNow())),
    () => make(0),
  );
}

/** The moment that the fleet on the page is of: now, or when the live connection was lost. */
export function fleetNow(): number {
  const { link, clockOffsetMs } = live.get();
  return (link.phase === 'lost' ? link.sinceMs : Date.now()) + clockOffsetMs;
}

/** As useTick, for what is made of live facts: without a connection it stands still, or it would make things up. */
export function useFleetTick<T extends string | number | boolean>(make: (nowMs: number) => T): T {
  return useSyncExternalStore(
    seconds.subscribe,
    () => make(wholeSecond(fleetNow())),
    () => make(0),
  );
}

/** Favourites and what is hidden, as the server told last. */
export const useMarks = (): Marks => useLive(({ marks }) => marks);

const NO_ACTIONS: readonly Action[] = [];

/** What a host is told to do, in the order of the turns. */
export const useOpenActions = (providerId: string): readonly Action[] =>
  useLive(({ actions }) => actions?.open[providerId] ?? NO_ACTIONS);

/** Who has the host to themselves; undefined: nobody. */
export const useLease = (providerId: string): Lease | undefined =>
  useLive(({ leases }) => leases?.leases.find((lease) => lease.providerId === providerId));

/** The entry of a host in the registry; undefined: it has none. */
export const useProvider = (id: string): PublicProvider | undefined =>
  useLive(({ providers }) => providers.find((provider) => provider.id === id));

export const useIsLost = (): boolean => useLive(({ link }) => link.phase === 'lost');
