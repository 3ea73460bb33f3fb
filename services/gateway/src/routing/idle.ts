import type { Target } from '../inference/parts.js';
import type { World } from './world.js';

/**
 * Whether a model is loaded on its host and the host has nothing to do, as far as is told at this moment, and nobody has it to
 * himself. Nobody knows that of services and of what is behind another gateway.
 */
export function isIdle(world: World, { providerId, model, kind }: Target, nowMs: number): boolean {
  if (kind !== 'llama-swap' || world.health.load(providerId) > 0) return false;
  const state = world.host(providerId);
  return (
    state?.liveness?.state === 'connected' &&
    (state.inflight?.total ?? 0) === 0 &&
    state.models.some(({ id, state: now }) => id === model && now === 'ready') &&
    world.lease(providerId, nowMs) === null
  );
}
