import type { Fact } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { gpu, liveness, model, perf } from './hosts.js';
import { requestsOf } from './requests.js';

/** A log of this many facts, in which every kind occurs on the hosts a and b; a fact a second, from nowMs on. */
export function logOf(length: number, nowMs: number): Fact[] {
  const requests = requestsOf(['a', 'b'], ['m'], Math.max(1, length), nowMs).toReversed();
  return Array.from({ length }, (_, i): Fact => {
    const providerId = i % 2 === 0 ? 'a' : 'b';
    const seq = i + 1;
    const atMs = nowMs + i * 1000;
    const at = instantFromMs(atMs);
    const frame = { providerId, at };
    switch (i % 7) {
      case 0:
        return { kind: 'liveness', seq, body: liveness(providerId, atMs, { attempt: i }) };
      case 1:
        return { kind: 'models', seq, body: { ...frame, models: [model(`m${i}`, 'ready', atMs)] } };
      case 2:
        return { kind: 'inflight', seq, body: { ...frame, total: i, requests: [] } };
      case 3:
        return { kind: 'perf', seq, body: perf(providerId, atMs, [gpu(0, 'GPU', 1000, (i % 10) / 10)], 0.5) };
      case 4:
        return {
          kind: 'model-changed',
          seq,
          body: { ...frame, model: `new${i}`, from: 'stopped', to: 'ready', observed: 'live', failed: false },
        };
      case 5:
        return {
          kind: 'gap',
          seq,
          body: {
            ...frame,
            model: '*',
            state: 'gap_suspected',
            fromTs: at,
            toTs: at,
            reason: 'ring_overflow',
            missing: i,
          },
        };
      default: {
        const body = requests[i];
        if (!body) throw new Error('fewer requests than facts');
        return { kind: 'request', seq, body };
      }
    }
  });
}
