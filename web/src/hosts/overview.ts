import type { HostState, PublicProvider } from '@boocontrol/contracts';
import { throughput } from '@boocontrol/fleet-model';
import { isHidden, type Marks } from '../live/marks';

interface Overview {
  /** Without hidden ones: nobody is to be alarmed by a host that was put aside. */
  followed: number;
  up: number;
  /** Followed, too, but hidden. */
  hidden: number;
  /** Requests are those of all hosts, hidden or not: they are under way. */
  inflight: number;
  outputTps: number;
}

/** The top strip. Hosts that are disabled count for nothing. */
export function overview(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  marks: Marks,
  nowMs: number,
): Overview {
  const sum: Overview = { followed: 0, up: 0, hidden: 0, inflight: 0, outputTps: 0 };
  for (const provider of providers) {
    if (!provider.enabled) continue;
    const counts = !isHidden(marks, provider.id);
    if (counts) sum.followed += 1;
    else sum.hidden += 1;
    const host = hosts[provider.id];
    if (!host) continue;
    sum.outputTps += throughput(host, nowMs).outputTps;
    if (host.liveness?.state !== 'connected') continue;
    if (counts) sum.up += 1;
    sum.inflight += host.inflight?.total ?? 0;
  }
  return sum;
}
