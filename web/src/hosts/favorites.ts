'use client';
import type { Favorite } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { api, messageOf } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { tell } from '../ui/notices';

const PATH = '/favorites';
const keyOf = (providerId: string, model: string): string => `${providerId}/${model}`;

export type IsFavorite = (providerId: string, model: string) => boolean;

export function useFavorites(): IsFavorite {
  const { data } = useResource<{ favorites: Favorite[] }>(PATH);
  return useMemo(() => {
    const keys = new Set((data?.favorites ?? []).map(({ providerId, model }) => keyOf(providerId, model)));
    return (providerId, model) => keys.has(keyOf(providerId, model));
  }, [data]);
}

/** The star changes when the gateway has said so. */
export async function setFavorite(providerId: string, model: string, wanted: boolean): Promise<void> {
  try {
    await api(`${PATH}/${providerId}/${model.split('/').map(encodeURIComponent).join('/')}`, {
      method: wanted ? 'PUT' : 'DELETE',
    });
    refresh(PATH);
  } catch (error) {
    tell(`The star was not changed. ${messageOf(error)}`, true);
  }
}
