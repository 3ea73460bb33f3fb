import type { RouteBreaker, RouteQueue } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { Breakers, type Verdict } from './breaker.js';
import type { HaltSignal } from './halt.js';
import type { Target, TargetHealth } from './parts.js';
import { HostQueue, type Place, type QueueLimits } from './queue.js';
import { UsageBook } from './usage-chunk.js';

/** Hosts, and models on hosts, that are told of at most. */
const MAX_TOLD = 1_000;

/** What is under way to each host, and how it goes. */
export class HostTraffic implements TargetHealth {
  readonly usage = new UsageBook();
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

  enter({ providerId, slots }: Target, source: string, signal: HaltSignal): Place | Promise<Place> {
    return this.queue.enter(providerId, slots, source, signal);
  }

  /** A place at a host that has no request of ours, and what gives it back; null: it has one. */
  enterIdle({ providerId, slots }: Target): (() => void) | null {
    return this.queue.enterIdle(providerId, slots);
  }

  /** false: the breaker is open, or another request tries whether the host is well again. */
  begin({ providerId, model }: Target, nowMs: number): boolean {
    return this.breakers.begin(keyOf(providerId, model), nowMs);
  }

  /** @param message what went wrong; null: nothing */
  end({ providerId, model }: Target, verdict: Verdict, nowMs: number, message: string | null): void {
    this.breakers.end(keyOf(providerId, model), verdict, nowMs, message);
  }

  /** For people who look; it is not asked for on the way of a request. */
  describe(nowMs: number): { queues: RouteQueue[]; breakers: RouteBreaker[] } {
    const breakers = this.breakers
      .describe(nowMs, MAX_TOLD)
      .map(({ key, state, retryAtMs, inARow, failures, of, lastFailure }) => ({
        ...partsOf(key),
        state,
        retryAt: retryAtMs === 0 ? null : instantFromMs(retryAtMs),
        failuresInARow: inARow,
        failures,
        of,
        lastFailure:
          lastFailure === null
            ? null
            : { at: instantFromMs(lastFailure.atMs), message: lastFailure.message.slice(0, 512) },
      }));
    return { queues: this.queue.describe(MAX_TOLD), breakers };
  }
}

/** Provider ids have no slash. */
function keyOf(providerId: string, model: string): string {
  return `${providerId}/${model}`;
}

function partsOf(key: string): { providerId: string; model: string } {
  const at = key.indexOf('/');
  return { providerId: key.slice(0, at), model: key.slice(at + 1) };
}
