import type { Budget } from './budget.js';
import type { OwnError } from './client-answer.js';
import type { ExchangeParts } from './exchange-parts.js';
import type { HaltSignal } from './halt.js';
import type { Target } from './parts.js';
import type { RequestRecord } from './record.js';
import type { TargetOrder } from './target-order.js';

/** leave gives the place back; a second time it does nothing. */
export type Entered = { ok: true; leave: () => void } | { ok: false; error: OwnError };

/** Places at hosts for one request: none is asked without one, nor while its breaker is open. */
export class Places {
  constructor(
    private readonly parts: Pick<ExchangeParts, 'decider' | 'traffic'>,
    private readonly record: RequestRecord,
    private readonly halt: HaltSignal,
    private readonly budget: Budget,
  ) {}

  /** A place at the host, waited for in its queue; null: the client left, or we shut down. */
  async enter(target: Target): Promise<Entered | null> {
    const { record } = this;
    const { traffic } = this.parts;
    const startedAtMs = performance.now();
    const place = await this.budget.within(this.halt, (signal) =>
      traffic.enter(target, record.source, signal),
    );
    record.queueMs += performance.now() - startedAtMs;
    const { providerId, model } = target;
    if (!place.ok) {
      if (place.why === 'gone' && this.halt.aborted) return null;
      if (place.why === 'gone') return { ok: false, error: this.budget.spentAt(providerId) };
      const why = place.why === 'full' ? 'too many requests wait for it' : 'no place came free in time';
      const message = `The host ${providerId} is busy: ${why}. Try again in a moment.`;
      return { ok: false, error: { status: 429, code: 'queue_full', message, retryAfterS: 5 } };
    }
    if (traffic.begin(target, Date.now())) return place;
    place.leave();
    const message = `${model} on ${providerId} has failed again and again; it is tried anew in a moment.`;
    return { ok: false, error: { status: 503, code: 'provider_unhealthy', message, retryAfterS: 10 } };
  }

  /** The best of those in the order that has the same model loaded and nothing to do, and a place there; null: there is none. */
  enterReplica(
    order: TargetOrder,
    { providerId, model }: Target,
  ): { target: Target; leave: () => void } | null {
    const { traffic, decider } = this.parts;
    if (this.halt.aborted || this.budget.isOver) return null;
    const nowMs = Date.now();
    const target = order.takeOne(
      (other) =>
        other.model === model &&
        other.providerId !== providerId &&
        decider.isIdle(other, nowMs) &&
        traffic.load(other.providerId) === 0 &&
        traffic.mayTry(other.providerId, model, nowMs).ok,
    );
    if (target === null) return null;
    const leave = traffic.enterIdle(target);
    if (leave !== null && traffic.begin(target, nowMs)) return { target, leave };
    leave?.();
    return null;
  }
}
