import type { Maintenance, Provider } from '@boocontrol/contracts';
import { instantToMs } from './time.js';

/**
 * The maintenance that a host is in; null: none, or it is over.
 * @param nowMs Unix milliseconds of whoever asks: nothing is written when it ends, so everybody reads its end off the clock
 */
export function maintenanceAt(
  { maintenance }: Pick<Provider, 'maintenance'>,
  nowMs: number,
): Maintenance | null {
  if (maintenance === undefined) return null;
  const { until } = maintenance;
  return until !== undefined && instantToMs(until) <= nowMs ? null : maintenance;
}

/** A provider as it stands at a moment: a maintenance that is over is left out. */
export function providerAt<T extends Pick<Provider, 'maintenance'>>(provider: T, nowMs: number): T {
  if (provider.maintenance === undefined || maintenanceAt(provider, nowMs) !== null) return provider;
  const { maintenance: _over, ...rest } = provider;
  return rest as T;
}
