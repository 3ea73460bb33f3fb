import { instantFromMs } from '@boocontrol/fleet-model';
import { gpu, perf } from './hosts.js';
import { requestLine, timings } from './logs.js';
import { randomOf } from './random.js';
import { requestsOf } from './requests.js';
import type { FixtureServer } from './server.js';

const EVERY_MS = 700;

/** Lets a made-up home fleet live: requests that end, readings that move. Returns what stops it. */
export function animate(server: FixtureServer): () => void {
  const random = randomOf(7);
  let entryId = 100_000;
  const timer = setInterval(() => {
    const now = Date.now();
    const [request] = requestsOf(
      ['tower', 'mac-studio'],
      ['qwen3-32b-Q4_K_M', 'llama-3.3-70b-IQ2_XXS'],
      1,
      now,
      entryId,
    );
    if (request) {
      const ts = instantFromMs(now);
      server.push('request', { ...request, at: ts, ts, endedAt: ts, entryId: entryId++ });
    }
    server.controls.step(now);
    server.logs.add('tower', 'upstream', [...timings(entryId, random)], now);
    server.logs.add('workstation', 'proxy', [requestLine(entryId)], now);
    const load = 0.5 + 0.4 * Math.sin(now / 9000) + 0.1 * random();
    server.push('perf', perf('tower', now, [gpu(0, 'NVIDIA GeForce RTX 5090', 32_607, load)], load));
  }, EVERY_MS);
  return () => clearInterval(timer);
}
