import type { Instant, Model, ModelChanged } from '@boocontrol/contracts';

/** A model as the host lists it, before we know since when. */
export type ListedModel = Omit<Model, 'since' | 'failedAt'>;
export type ModelChange = Omit<ModelChanged, 'providerId' | 'at'>;

/**
 * What changed between the list we know and the one the host sends now. A load that goes from `starting` straight to
 * `stopped` or `shutdown` failed: the model's server ended before it was ready (an unload passes through `stopping`).
 * That is said only of what was followed live; in an absence it may have been ready and unloaded again.
 *
 * @param known null at first sight of the host: then `since` is unknown
 */
export function diffModels(
  known: readonly Model[] | null,
  listed: readonly ListedModel[],
  at: Instant,
  observed: ModelChanged['observed'],
): { models: Model[]; changes: ModelChange[] } {
  const before = new Map((known ?? []).map((model) => [model.id, model]));
  const changes: ModelChange[] = [];
  const models = [...new Map(listed.map((model) => [model.id, model])).values()].map((model): Model => {
    const old = before.get(model.id);
    before.delete(model.id);
    if (old && old.state === model.state) return { ...model, since: old.since, failedAt: old.failedAt };
    const ended = model.state === 'stopped' || model.state === 'shutdown';
    const failed = observed === 'live' && old?.state === 'starting' && ended;
    changes.push({ model: model.id, from: old?.state ?? null, to: model.state, observed, failed });
    const failedAt = failed ? at : model.state === 'ready' ? null : (old?.failedAt ?? null);
    return { ...model, since: old ? at : null, failedAt };
  });
  for (const gone of before.values()) {
    changes.push({ model: gone.id, from: gone.state, to: 'absent', observed, failed: false });
  }
  return { models, changes };
}
