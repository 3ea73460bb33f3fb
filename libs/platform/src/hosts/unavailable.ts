import type { hostRefusals, HostState, Problem, Provider } from '@boocontrol/contracts';

/** Why nothing can be asked of a host at the moment, whoever asks. */
export interface Unavailable extends Problem {
  code: Exclude<keyof typeof hostRefusals.errors, 'unknown_provider' | 'not_offered'>;
}

/** null: it can be asked. @param provider as it stands now: a maintenance that is over is not told of */
export function unavailable(
  { label, enabled, maintenance }: Pick<Provider, 'label' | 'enabled' | 'maintenance'>,
  host: Pick<HostState, 'liveness'> | null,
): Unavailable | null {
  if (!enabled)
    return {
      code: 'host_disabled',
      message: `${label} is switched off in the list of hosts. Switch it on there and ask again.`,
    };
  if (maintenance !== undefined) {
    const note = maintenance.note === null ? '' : ` (${maintenance.note})`;
    const { since, until } = maintenance;
    const end = until === undefined ? '' : ` until ${until.slice(0, 16)}Z`;
    const message = `${label} is in maintenance${end}${note}. End the maintenance on its page and ask again.`;
    return {
      code: 'in_maintenance',
      message,
      details: { since, ...(until === undefined ? {} : { until }) },
    };
  }
  const liveness = host?.liveness ?? null;
  if (liveness?.state === 'connected') return null;
  const why = liveness?.reason?.message ?? 'It has not been heard of yet.';
  return { code: 'host_offline', message: `${label} is not connected. ${why} Ask again when it is back.` };
}
