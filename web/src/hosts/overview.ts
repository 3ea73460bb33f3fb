import type { HostState, PublicProvider } from '@boocontrol/contracts';
import { throughput } from '@boocontrol/fleet-model';

interface Overview {
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
