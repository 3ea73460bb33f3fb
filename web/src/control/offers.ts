'use client';
import type { Model, PublicProvider } from '@boocontrol/contracts';
import { live } from '../live';
import type { MenuItem } from '../ui/MenuList';
import { askFor, asked } from './asked';
import { endMaintenance, setProtected } from './calls';

/** What a menu offers to have done with a host. A service only answers requests; it can be kept out of the routing. */
export function hostOffers({ id, label, enabled, kind, maintenance }: PublicProvider): MenuItem[] {
  if (!enabled) return [];
  const upkeep: MenuItem = maintenance
    ? { label: 'End maintenance', run: () => void endMaintenance(id, label) }
    : { label: 'Begin maintenance…', run: () => asked.show({ what: 'maintenance', providerId: id }) };
  if (kind !== 'llama-swap') return [upkeep];
  const { liveness } = live.get().fleet?.hosts[id] ?? {};
  return [
    { label: 'Unload all…', run: () => askFor({ kind: 'unload-all', providerId: id }) },
    // Older generations have no profiles.
    ...(liveness?.generation === 'C'
      ? [{ label: 'Switch profile…', run: () => asked.show({ what: 'profile', providerId: id }) }]
      : []),
    upkeep,
  ];
}

const LOADED = new Set<Model['state']>(['ready', 'starting']);

export const isProtected = (
  { protectedModels }: Pick<PublicProvider, 'protectedModels'>,
  model: string,
): boolean => protectedModels?.includes(model) ?? false;

/** What a menu offers to have done with a model. @param label what people call it */
export function modelOffers(
  provider: PublicProvider,
  { id: model, state }: Pick<Model, 'id' | 'state'>,
  label: string,
): MenuItem[] {
  const { id: providerId, kind } = provider;
  if (kind !== 'llama-swap') return [];
  const guarded = isProtected(provider, model);
  return [
    LOADED.has(state)
      ? { label: 'Unload…', run: () => askFor({ kind: 'unload', providerId, model }) }
      : { label: 'Load…', run: () => askFor({ kind: 'warm', providerId, model }) },
    {
      label: guarded ? 'Unprotect' : 'Protect',
      run: () => void setProtected({ providerId, model, label }, !guarded),
    },
  ];
}
