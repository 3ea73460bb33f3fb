import { Breakers, type Verdict } from './breaker.js';
import type { Target, TargetHealth } from './parts.js';
import { HostQueue, type Place, type QueueLimits } from './queue.js';

/** What is under way to each host, and how it goes. */
export class HostTraffic implements TargetHealth {
  private readonly breakers = new Breakers();
  private readonly queue: HostQueue;

  constructor(limits: Partial<QueueLimits> = {}) {
    this.queue = new HostQueue(limits);
  }

  mayTry(providerId: string, model: string, nowMs: number): { ok: true } | { ok: false; retryAtMs: number } {
    return this.breakers.mayTry(keyOf(providerId, model), nowMs);
  }

  load(providerId: string): number {
    return this.queue.load(providerId);
  }

  enter({ providerId, slots }: Target, source: string, signal: AbortSignal): Place | Promise<Place> {
    return this.queue.enter(providerId, slots, source, signal);
  }

  /** false: the breaker is open, or another request tries whether the host is well again. */
  begin({ providerId, model }: Target, nowMs: number): boolean {
    return this.breakers.begin(keyOf(providerId, model), nowMs);
  }

  end({ providerId, model }: Target, verdict: Verdict, nowMs: number): void {
    this.breakers.end(keyOf(providerId, model), verdict, nowMs);
  }
}

/** Provider ids have no slash. */
function keyOf(providerId: string, model: string): string {
  return `${providerId}/${model}`;
}
