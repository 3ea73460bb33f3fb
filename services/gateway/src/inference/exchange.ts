import type { IncomingMessage } from 'node:http';
import { v1Of, type RouteFact } from '@boocontrol/contracts';
import { modelPath } from '@boocontrol/llama-swap';
import { withModel, type AskBody } from './ask-body.js';
import { Attempt, isRefusal, isWorthRetry, type AttemptEnd, type Failure } from './attempt.js';
import type { Verdict } from './breaker.js';
import { Budget } from './budget.js';
import type { ClientAnswer, NoticeTimes, OwnError } from './client-answer.js';
import type { Endpoint } from './dialect.js';
import { haltError, pauseUnless, type HaltSignal, problemOfHalt } from './halt.js';
import { hostHeaders } from './headers.js';
import type { HostPools } from './host-call.js';
import type { Choice, Decider, Target } from './parts.js';
import type { RequestRecord } from './record.js';
import { TargetOrder } from './target-order.js';
import type { HostTraffic } from './traffic.js';
import { UsageHider, withUsage } from './usage-chunk.js';

export interface ExchangeParts {
  decider: Decider;
  traffic: HostTraffic;
  pools: HostPools;
  /** Between two chunks of an answer. */
  idleMs: number;
  notices: NoticeTimes;
}

export interface Ready {
  request: IncomingMessage;
  endpoint: Endpoint;
  choice: Choice;
  body: AskBody;
  bytes: Buffer;
  session: string | null;
  /** As the client sent it, with its `?`; often empty. */
  query: string;
  /** Gateways that the request has gone through, this one included. */
  hops: number;
}

type Outcome = RouteFact['outcome'];
type Next = NonNullable<ReturnType<TargetOrder['take']>>;

/** One request on its way through the hosts that may serve it. */
export class Exchange {
  private isFirst = true;
  /** Of the newest attempt. */
  private hasAskedUsage = false;
  /** Who may have refused the question for counts. */
  private plainAt: Target | null = null;
  private readonly budget: Budget;

  /** @param halt fires when the client has left, or when we shut down */
  constructor(
    private readonly parts: ExchangeParts,
    private readonly ready: Ready,
    private readonly answer: ClientAnswer,
    private readonly record: RequestRecord,
    private readonly halt: HaltSignal,
  ) {
    this.budget = new Budget(record.startedAtMs, ready.choice.budgetMs);
  }

  /** Asks one host after the other until one answers, and sees to it that the client gets an answer in any case. */
  async run(): Promise<Outcome> {
    const { choice } = this.ready;
    const order = new TargetOrder(choice.targets);
    let last: Failure | null = null;
    let trouble: OwnError | null = null;
    let again: Target | null = null;
    while (this.record.attempts.length < choice.attempts) {
      const next: Next | null = again === null ? order.take() : { target: again, waitMs: 0 };
      again = null;
      if (next === null) break;
      const { target, waitMs }: Next = next;
      // Whoever would be asked too late is not waited for.
      if (this.budget.leftMs <= waitMs) break;
      if (waitMs > 0) await pauseUnless(this.halt, waitMs);
      if (this.halt.aborted) return this.halted(null);
      this.record.target = target;
      this.introduce(target, last);
      const entered = await this.enter(target);
      if (entered === null) return this.halted(null);
      if (!entered.ok) {
        trouble = entered.error;
        continue;
      }
      try {
        const result = await this.attempt(target);
        if (typeof result === 'string') return result;
        order.failed(target, result, this.record.attempts.length, Date.now(), this.budget.patienceMs);
        last = result;
        if (this.isQuestionRefused(target, result)) {
          again = target;
          continue;
        }
        if (result.reply !== null && !isWorthRetry(result.reply.status) && !mayBeBetter(result)) break;
      } finally {
        this.record.sending = null;
        entered.leave();
      }
    }
    return this.giveUp(last, trouble);
  }

  /** A host that may not have taken our question for counts is asked without it. */
  private isQuestionRefused(target: Target, { reply, isTooLong }: Failure): boolean {
    if (!this.hasAskedUsage || isTooLong || reply === null || !isRefusal(reply.status)) return false;
    this.plainAt = target;
    return true;
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

  /** A place at the host; null: the client left, or we shut down. */
  private async enter(
    target: Target,
  ): Promise<{ ok: true; leave: () => void } | { ok: false; error: OwnError } | null> {
    const { traffic } = this.parts;
    const startedAtMs = performance.now();
    const place = await this.budget.within(this.halt, (signal) =>
      traffic.enter(target, this.record.source, signal),
    );
    this.record.queueMs += performance.now() - startedAtMs;
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

  /** What the headers say, as long as they have not gone out. */
  private introduce(target: Target, last: Failure | null): void {
    const { choice } = this.ready;
    const { policy, candidates } = choice;
    const { score = null, quality } =
      candidates.find(
        ({ providerId, model }) => providerId === target.providerId && model === target.model,
      ) ?? {};
    const isGuess = quality === 'guessed' ? ', quality guessed' : '';
    const chosen = score === null ? 'named' : `score ${score.toFixed(2)}${isGuess}`;
    this.answer.tell({
      'x-boo-provider': target.providerId,
      'x-boo-model': target.model,
      'x-boo-policy': policy === null ? 'direct' : policy.name,
      'x-boo-attempts': String(this.record.attempts.length + 1),
      'x-boo-reason': last === null ? chosen : `${chosen}; before: ${last.message}`,
    });
  }

  /** The outcome once the client has its answer; a failure as long as it has none. */
  private async attempt(target: Target): Promise<Outcome | Failure> {
    const { parts, record, answer, ready } = this;
    answer.tell({ 'x-boo-queue-ms': record.queueMs.toFixed(0) });
    if (this.isFirst && record.isStream && ready.endpoint.dialect !== 'other')
      answer.startNotices(parts.notices, () => `loading ${target.model}`);
    this.isFirst = false;
    const startedAtMs = performance.now();
    const { attempt, result } = this.send(target);
    record.sending = attempt;
    const end = await result;
    const done = (
      outcome: Parameters<RequestRecord['attempted']>[3],
      message: string | null,
      verdict: Verdict,
    ) => {
      record.attempted(target, attempt, startedAtMs, outcome, message);
      parts.traffic.end(target, verdict, Date.now(), message);
    };
    if (attempt.isChosen || end === null) {
      record.firstContentAtMs = attempt.firstContentAtMs;
      record.tokens = attempt.tokens;
    }
    if (attempt.hider?.hasTimings === true) parts.traffic.usage.neverAsk(target.providerId, target.model);
    if (end === null) {
      done('abandoned', haltError(this.halt)?.message ?? null, 'neutral');
      return this.halted(attempt);
    }
    switch (end.end) {
      case 'answered': {
        const isRefused = (attempt.status ?? 0) >= 400;
        // Without the question it answers: it does not know it.
        if (target === this.plainAt && !isRefused)
          parts.traffic.usage.neverAsk(target.providerId, target.model);
        done(
          'answered',
          end.hasError ? 'the answer is an error' : null,
          isRefused ? 'neutral' : end.hasError ? 'failure' : 'success',
        );
        if (!end.hasError && ready.session !== null) parts.decider.served(ready.session, target, Date.now());
        return end.hasError ? 'failed' : 'succeeded';
      }
      case 'broken':
        done(end.outcome, end.message, 'failure');
        return 'incomplete';
      case 'failed': {
        const { outcome, message, reply } = end.failure;
        // One that was left because the time was over had less of it than it may take.
        const isHostsFault =
          reply === null || (reply.status >= 500 && reply.status !== 501) || reply.status < 300;
        done(outcome, message, isHostsFault && !this.budget.isOver ? 'failure' : 'neutral');
        return end.failure;
      }
    }
  }

  /** null: the client left, or we shut down. */
  private send(target: Target): { attempt: Attempt; result: Promise<AttemptEnd | null> } {
    const { parts, ready, answer, halt } = this;
    let resolve: (end: AttemptEnd | null) => void = () => undefined;
    const result = new Promise<AttemptEnd | null>((settle) => (resolve = settle));
    let release = (): void => undefined;
    const settle = (end: AttemptEnd | null): void => {
      release();
      halt.removeEventListener('abort', onHalt);
      resolve(end);
    };
    const attempt = new Attempt(answer, ready.endpoint.dialect, target.providerId, settle);
    const onHalt = (): void => {
      attempt.call?.leave();
      settle(null);
    };
    this.hasAskedUsage = this.asksUsage(target);
    if (this.hasAskedUsage) attempt.hider = new UsageHider();
    const body = withModel(ready.bytes, ready.body, target.model);
    const { origin, pathname } = placeOf(target.baseUrl);
    attempt.call = parts.pools.call(
      {
        origin,
        path: pathname + ready.endpoint.path + ready.query,
        method: 'POST',
        headers: hostHeaders(ready.request.rawHeaders, target.headers, this.ours()),
        body: this.hasAskedUsage ? withUsage(body) : body,
        firstByteMs: ready.choice.firstByteMs,
        idleMs: parts.idleMs,
      },
      attempt,
    );
    if (halt.aborted) onHalt();
    else {
      halt.addEventListener('abort', onHalt, { once: true });
      release = this.budget.whenOver(() =>
        attempt.giveUp(`said nothing within the ${this.budget.seconds} s that the policy gives a request`),
      );
    }
    return { attempt, result };
  }

  private ours(): Record<string, string> {
    const { id, source } = this.record;
    return { 'x-boo-source': source, 'x-boo-request-id': id, 'x-boo-hops': String(this.ready.hops) };
  }

  private halted(attempt: Attempt | null): Outcome {
    const error = haltError(this.halt);
    if (error === null) return 'client_left';
    this.record.error = problemOfHalt(error, this.halt);
    if (attempt === null) this.answer.fail(error);
    else attempt.stop(error);
    return attempt?.isChosen === true ? 'incomplete' : 'failed';
  }

  /** Nobody is left to ask: the last host's own words, or ours. */
  private giveUp(last: Failure | null, trouble: OwnError | null): Outcome {
    const { answer, record } = this;
    if (last?.reply != null) {
      answer.pass(last.reply);
      return 'failed';
    }
    const error = last === null ? (trouble ?? NOBODY) : errorOf(last, record);
    record.error = { code: error.code, message: error.message };
    answer.fail(error);
    return last === null ? 'refused' : 'failed';
  }
}

const NOBODY: OwnError = {
  status: 503,
  code: 'no_candidate',
  message: 'No host can take the request at the moment.',
  retryAfterS: 10,
};

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

function errorOf({ outcome, message }: Failure, { attempts }: RequestRecord): OwnError {
  const hosts = [...new Set(attempts.map(({ providerId }) => providerId))].join(', ');
  const told = `No host gave an answer (asked: ${hosts}). The last one ${message}.`;
  return outcome === 'timeout'
    ? { status: 504, code: 'upstream_timeout', message: told, retryAfterS: 10 }
    : { status: 502, code: 'upstream_error', message: told, retryAfterS: 10 };
}

/** Another host may have the context that this one has not, or may not send an error in its stream. */
function mayBeBetter({ isTooLong, reply }: Failure): boolean {
  return isTooLong || (reply !== null && reply.status < 300);
}

/** The model's own server behind a llama-swap, or behind another gateway. */
export function propsPath({ baseUrl, kind, model }: Target): string {
  const base = kind === 'llama-swap' ? new URL(baseUrl).pathname : new URL(v1Of(baseUrl)).pathname;
  return `${base.replace(/\/+$/, '')}/upstream/${modelPath(model)}/props`;
}
