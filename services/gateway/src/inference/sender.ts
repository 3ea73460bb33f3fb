import { v1Of } from '@boocontrol/contracts';
import { withModel } from './ask-body.js';
import { Attempt, type AttemptEnd } from './attempt.js';
import type { Budget } from './budget.js';
import type { ClientAnswer } from './client-answer.js';
import type { ExchangeParts, Ready } from './exchange-parts.js';
import type { HaltSignal } from './halt.js';
import { hostHeaders } from './headers.js';
import type { Target } from './parts.js';
import type { RequestRecord } from './record.js';
import { UsageHider, withUsage } from './usage-chunk.js';

/** A request that is on its way to a host, or its answer on the way back. */
export interface Sent {
  target: Target;
  attempt: Attempt;
  /** Of the monotonic clock. */
  startedAtMs: number;
  hasAskedUsage: boolean;
  /** null: it was left, by us or because the client left. */
  result: Promise<AttemptEnd | null>;
  /** Closes the connection to the host; nothing of it goes to the client any more. */
  leave(): void;
}

/** Sends one request to hosts. */
export class Sender {
  /** Who may have refused the question for counts. */
  plainAt: Target | null = null;

  constructor(
    private readonly parts: ExchangeParts,
    private readonly ready: Ready,
    private readonly answer: ClientAnswer,
    private readonly record: RequestRecord,
    private readonly halt: HaltSignal,
    private readonly budget: Budget,
  ) {}

  send(target: Target): Sent {
    const { parts, ready, answer, halt } = this;
    const startedAtMs = performance.now();
    let resolve: (end: AttemptEnd | null) => void = () => undefined;
    const result = new Promise<AttemptEnd | null>((settle) => (resolve = settle));
    let release = (): void => undefined;
    const settle = (end: AttemptEnd | null): void => {
      release();
      halt.removeEventListener('abort', leave);
      resolve(end);
    };
    const attempt = new Attempt(answer, ready.endpoint.dialect, target.providerId, settle);
    attempt.spanId = this.record.trace?.nextSpanId() ?? null;
    attempt.onSent = () => this.record.watched?.sent();
    const leave = (): void => {
      attempt.call?.leave();
      settle(null);
    };
    const hasAskedUsage = this.asksUsage(target);
    if (hasAskedUsage) attempt.hider = new UsageHider();
    const body = withModel(ready.bytes, ready.body, target.model);
    const { origin, pathname } = placeOf(target.baseUrl);
    attempt.call = parts.pools.call(
      {
        origin,
        path: pathname + ready.endpoint.path + ready.query,
        method: 'POST',
        headers: hostHeaders(ready.request.rawHeaders, target.headers, this.ours(attempt)),
        body: hasAskedUsage ? withUsage(body) : body,
        firstByteMs: ready.choice.firstByteMs,
        idleMs: parts.idleMs,
      },
      attempt,
    );
    if (halt.aborted) leave();
    else {
      halt.addEventListener('abort', leave, { once: true });
      release = this.budget.whenOver(() =>
        attempt.giveUp(`said nothing within the ${this.budget.seconds} s that the policy gives a request`),
      );
    }
    return { target, attempt, startedAtMs, hasAskedUsage, result, leave };
  }

  /** Only of hosts that are not known to tell their counts by themselves. */
  private asksUsage(target: Target): boolean {
    const { providerId, model, kind } = target;
    const { endpoint, body } = this.ready;
    return (
      kind !== 'llama-swap' &&
      target !== this.plainAt &&
      body.isStream &&
      !body.hasStreamOptions &&
      (endpoint.dialect === 'chat' || endpoint.dialect === 'completions') &&
      this.parts.traffic.usage.mayAsk(providerId, model)
    );
  }

  private ours({ spanId }: Attempt): Record<string, string> {
    const { id, source, trace } = this.record;
    return {
      'x-boo-source': source,
      'x-boo-request-id': id,
      'x-boo-hops': String(this.ready.hops),
      ...(spanId === null ? {} : trace?.headers(spanId)),
    };
  }
}

/** Of the addresses of hosts, which are few. */
const places = new Map<string, { origin: string; pathname: string }>();
const MAX_PLACES = 1_000;

function placeOf(baseUrl: string): { origin: string; pathname: string } {
  let place = places.get(baseUrl);
  if (place === undefined) {
    if (places.size >= MAX_PLACES) places.clear();
    const { origin, pathname } = new URL(v1Of(baseUrl));
    places.set(baseUrl, (place = { origin, pathname }));
  }
  return place;
}
