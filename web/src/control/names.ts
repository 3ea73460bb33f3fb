'use client';
import { live, useLive } from '../live';

/** What people call a host; its id, when it is no longer in the registry. */
export const hostName = (id: string): string =>
  live.get().providers.find((provider) => provider.id === id)?.label ?? id;

export const useHostName = (id: string): string =>
  useLive(({ providers }) => providers.find((provider) => provider.id === id)?.label ?? id);
