import { ProviderSchema, type Instant, type Maintenance, type Provider } from '@boocontrol/contracts';
import { instantToMs, maintenanceAt } from '@boocontrol/fleet-model';

/** What people say of a host while it is registered: that it is in maintenance, which of its models are protected. */
type Upkeep = Pick<Provider, 'maintenance' | 'protectedModels'>;

/** Declared anew, a host stays in maintenance and its models protected: no declaration says anything of either. */
export function upkeepOf(before: Provider | null): Upkeep {
  const { maintenance, protectedModels } = before ?? {};
  return {
    ...(maintenance === undefined ? {} : { maintenance }),
    ...(protectedModels === undefined ? {} : { protectedModels }),
  };
}

/**
 * Another note or end does not make it begin again.
 * @param said `note`: why, in words, null: not said; `until`: when it ends by itself
 */
export function inMaintenance(before: Provider, said: Omit<Maintenance, 'since'>, now: Instant): Provider {
  const current = maintenanceAt(before, instantToMs(now));
  if (current !== null && current.note === said.note && current.until === said.until) return before;
  return { ...before, maintenance: { since: current?.since ?? now, ...said }, updatedAt: now };
}

export function outOfMaintenance(before: Provider, now: Instant): Provider {
  if (before.maintenance === undefined) return before;
  const { maintenance: _over, ...after } = before;
  return { ...after, updatedAt: now };
}

/** null: the host has as many protected models as it may have. */
export function withProtected(before: Provider, model: string, now: Instant): Provider | null {
  const models = before.protectedModels ?? [];
  if (models.includes(model)) return before;
  const protectedModels = [...models, model];
  if (!ProviderSchema.shape.protectedModels.safeParse(protectedModels).success) return null;
  return { ...before, protectedModels, updatedAt: now };
}

export function withoutProtected(before: Provider, model: string, now: Instant): Provider {
  const { protectedModels = [], ...rest } = before;
  if (!protectedModels.includes(model)) return before;
  const left = protectedModels.filter((each) => each !== model);
  return { ...rest, ...(left.length === 0 ? {} : { protectedModels: left }), updatedAt: now };
}
