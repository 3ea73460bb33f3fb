import type { HostState, PublicProvider } from '@boocontrol/contracts';
import { throughput } from '@boocontrol/fleet-model';

export interface Overview {
  followed: number;
  up: number;
  inflight: number;
  outputTps: number;
}

/** The top strip. Hosts that are disabled, or have no live state of their own, count for nothing. */
export function overview(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  nowMs: number,
): Overview {
  const sum: Overview = { followed: 0, up: 0, inflight: 0, outputTps: 0 };
  for (const provider of providers) {
    if (!provider.enabled || provider.kind !== 'llama-swap') continue;
    sum.followed += 1;
    const host = hosts[provider.id];
    if (!host) continue;
    sum.outputTps += throughput(host, nowMs).outputTps;
    if (host.liveness?.state !== 'connected') continue;
    sum.up += 1;
    sum.inflight += host.inflight?.total ?? 0;
  }
  return sum;
}

/** Hosts whose name, id, address or one of whose tags holds every word; with models, also a model's name. */
export function filterProviders(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  text: string,
): readonly PublicProvider[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return providers;
  return providers.filter((provider) => {
    const host = hosts[provider.id];
    const hay = [
      provider.label,
      provider.id,
      provider.baseUrl,
      ...provider.tags,
      provider.enabled ? (host?.liveness?.state ?? '') : 'disabled',
      ...(host?.models ?? []).filter(({ state }) => state !== 'stopped').map(({ id }) => id),
    ]
      .join('\n')
      .toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

/** By label, numbers by their value (host-2 before host-10); what is disabled comes last. */
export const byLabel = (a: PublicProvider, b: PublicProvider): number =>
  Number(b.enabled) - Number(a.enabled) ||
  a.label.localeCompare(b.label, 'en', { numeric: true }) ||
  (a.id < b.id ? -1 : 1);
