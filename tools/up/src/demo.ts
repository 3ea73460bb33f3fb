import { demoHosts } from '@boocontrol/sim';
import { findPort } from './port.js';
import type { SeedEntry } from './seed.js';

const FIRST_DEMO_PORT = 9601;

/** A free port for each host of the simulated fleet; the same ones at every start where they are free. */
export async function pickDemoPorts(): Promise<number[]> {
  const ports = new Set<number>();
  for (let i = 0; i < demoHosts.length; i++) ports.add(await findPort(FIRST_DEMO_PORT + i, ports));
  return [...ports];
}

/** The registry's entries for the simulated fleet; none without ports. */
export function demoSeed(ports: number[]): SeedEntry[] {
  return ports.flatMap((port, i) => {
    const host = demoHosts[i];
    if (!host) return [];
    const { id, label, tags, os, gpuLabel } = host;
    return [
      {
        id,
        label,
        tags: [...tags],
        os,
        gpuLabel,
        baseUrl: `http://127.0.0.1:${port}`,
        origin: 'demo' as const,
      },
    ];
  });
}
