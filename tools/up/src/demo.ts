import { DEMO_HOSTS } from '@boocontrol/sim';
import { findPort } from './port.js';
import type { SeedEntry } from './seed.js';

const FIRST_DEMO_PORT = 9601;

/** How people would name the hosts of the simulated fleet. */
const NAMES: Record<string, { label: string; tags: string[] }> = {
  'tower-5090': { label: 'Tower 5090', tags: ['fast', 'code'] },
  'rig-2x3090': { label: 'Rig 2×3090', tags: ['large models'] },
  'mac-studio': { label: 'Mac Studio', tags: ['chat'] },
  'old-linux': { label: 'Old Linux box', tags: ['embeddings'] },
  'nas-cpu': { label: 'NAS', tags: ['utility'] },
};

/** A free port for each host of the simulated fleet; the same ones at every start where they are free. */
export async function pickDemoPorts(): Promise<number[]> {
  const ports = new Set<number>();
  for (let i = 0; i < DEMO_HOSTS.length; i++) ports.add(await findPort(FIRST_DEMO_PORT + i, ports));
  return [...ports];
}

/** The registry's entries for the simulated fleet; none without ports. */
export function demoSeed(ports: number[]): SeedEntry[] {
  return ports.flatMap((port, i) => {
    const { id, os = 'linux' } = DEMO_HOSTS[i] ?? {};
    if (!id) return [];
    const { label, tags } = NAMES[id] ?? { label: id, tags: [] };
    return [
      {
        id,
        label,
        tags: ['demo', ...tags],
        os,
        baseUrl: `http://127.0.0.1:${port}`,
        origin: 'demo' as const,
      },
    ];
  });
}
