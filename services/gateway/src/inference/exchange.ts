import type { IncomingMessage } from 'node:http';
import { v1Of, type RouteFact } from '@boocontrol/contracts';
import { modelPath } from '@boocontrol/llama-swap';
import type { AskBody } from './ask-body.js';
import { isRefusal, isWorthRetry, type Attempt, type AttemptEnd, type Failure } from './attempt.js';
import type { Verdict } from './breaker.js';
import { Budget } from './budget.js';
import type { ClientAnswer, NoticeTimes, OwnError } from './client-answer.js';
import type { Endpoint } from './dialect.js';
import { haltError, pauseUnless, type HaltSignal, problemOfHalt } from './halt.js';
import { Hedge, type Runner } from './hedge.js';
import type { HostPools } from './host-call.js';
import type { Choice, Decider, Target } from './parts.js';
import type { RequestRecord } from './record.js';
import { Sender, type Sent } from './sender.js';
import { TargetOrder } from './target-order.js';
import type { HostTraffic } from './traffic.js';

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
  private hasHedged = false;
  /** A host has said what no other would say otherwise. */
  private isFinal = false;
  private last: Failure | null = null;
  /** Is asked once more, before all others. */
  private again: Target | null = null;
  private readonly order: TargetOrder;
  private readonly sender: Sender;
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
    this.order = new TargetOrder(ready.choice.targets);
    this.sender = new Sender(parts, ready, answer, record, halt, this.budget);
  }

  /** Asks one host after the other until one answers, and sees to it that the client gets an answer in any case. */
  async run(): Promise<Outcome> {
    const { choice } = this.ready;
    let trouble: OwnError | null = null;
    while (!this.isFinal && this.record.attempts.length < choice.attempts) {
      const next: Next | null = this.again === null ? this.order.take() : { target: this.again, waitMs: 0 };
      this.again = null;
      if (next === null) break;
      const { target, waitMs }: Next = next;
      // Whoever would be asked too late is not waited for.
      if (this.budget.leftMs <= waitMs) break;
      if (waitMs > 0) await pauseUnless(this.halt, waitMs);
      if (this.halt.aborted) return this.halted(null);
      this.record.target = target;
      this.introduce(target, this.last?.message ?? null);
      const entered = await this.enter(target);
      if (entered === null) return this.halted(null);
      if (!entered.ok) {
        trouble = entered.error;
        continue;
      }
      try {
        const outcome = await this.attempt(target, entered.leave);
        if (outcome !== null) return outcome;
      } finally {
        this.record.sending = null;
        entered.leave();
      }
    }
    return this.giveUp(this.last, trouble);
  }

  private failed({ target, hasAskedUsage }: Sent, failure: Failure): void {
    this.order.failed(target, failure, this.record.attempts.length, Date.now(), this.budget.patienceMs);
    if (this.isFinal) return;
    this.last = failure;
    this.answer.tell({ 'x-boo-provider': target.providerId });
    const { reply, isTooLong } = failure;
    // A host that may not have taken our question for counts is asked without it.
    if (hasAskedUsage && !isTooLong && reply !== null && isRefusal(reply.status))
      this.again = this.sender.plainAt = target;
    else if (reply !== null && !isWorthRetry(reply.status) && !mayBeBetter(failure)) this.isFinal = true;
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
  private introduce(target: Target, before: string | null): void {
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
      'x-boo-reason': before === null ? chosen : `${chosen}; before: ${before}`,
    });
  }

  /** The outcome once the client has its answer; null as long as it has none. */
  private async attempt(target: Target, leavePlace: () => void): Promise<Outcome | null> {
    const { parts, record, answer, ready } = this;
    answer.tell({ 'x-boo-queue-ms': record.queueMs.toFixed(0) });
    if (this.isFirst && record.isStream && ready.endpoint.dialect !== 'other')
      answer.startNotices(parts.notices, () => `loading ${target.model}`);
    this.isFirst = false;
    const sent = this.sender.send(target);
    record.sending = sent.attempt;
    const { hedgeAfterMs, attempts } = ready.choice;
    if (hedgeAfterMs !== null && !this.hasHedged && record.attempts.length + 2 <= attempts)
      return this.hedged({ sent, leavePlace }, hedgeAfterMs);
    return this.ended(sent, await sent.result);
  }

  /** As without a hedge, but a second host is asked when the first has been silent for so many milliseconds. */
  private hedged(first: Runner, afterMs: number): Promise<Outcome | null> {
    const { record } = this;
    const { target } = first.sent;
    return new Hedge<Outcome>({
      afterMs,
      second: () => this.second(target),
      leads: (sent) => {
        record.target = sent.target;
        record.sending = sent.attempt;
      },
      wins: (sent) => {
        const silence = `${target.providerId} sent nothing within ${afterMs} ms`;
        this.introduce(sent.target, this.last?.message ?? (sent === first.sent ? null : silence));
      },
      lost: (sent, winner) => {
        const message =
          winner === null
            ? (haltError(this.halt)?.message ?? null)
            : `was left: ${winner.target.providerId}, asked for the same request, answered first`;
        this.done(sent, 'abandoned', message, 'neutral');
      },
      ended: (sent, end) => this.ended(sent, end),
    }).run(first);
  }

  /** The same model, loaded, at another host that has nothing to do; it is asked at once. null: there is none. */
  private second({ providerId, model }: Target): Runner | null {
    const { traffic } = this.parts;
    if (this.halt.aborted || this.budget.isOver) return null;
    const replica = this.order.takeOne(
      (other) =>
        other.isLoaded &&
        other.model === model &&
        other.providerId !== providerId &&
        traffic.load(other.providerId) === 0 &&
        traffic.mayTry(other.providerId, model, Date.now()).ok,
    );
    if (replica === null) return null;
    const leavePlace = traffic.enterIdle(replica);
    if (leavePlace === null || !traffic.begin(replica, Date.now())) {
      leavePlace?.();
      return null;
    }
    this.hasHedged = true;
    this.answer.tell({ 'x-boo-attempts': String(this.record.attempts.length + 2) });
    return { sent: this.sender.send(replica), leavePlace };
  }

  private done(
    { target, attempt, startedAtMs }: Sent,
    outcome: Parameters<RequestRecord['attempted']>[3],
    message: string | null,
    verdict: Verdict,
  ): void {
    this.record.attempted(target, attempt, startedAtMs, outcome, message);
    this.parts.traffic.end(target, verdict, Date.now(), message);
  }

  /** The outcome once the client has its answer; null: another host may give it. */
  private ended(sent: Sent, end: AttemptEnd | null): Outcome | null {
    const { parts, record, ready } = this;
    const { target, attempt } = sent;
    if (attempt.isChosen || end === null) {
      record.firstContentAtMs = attempt.firstContentAtMs;
      record.tokens = attempt.tokens;
    }
    if (attempt.hider?.hasTimings === true) parts.traffic.usage.neverAsk(target.providerId, target.model);
    if (end === null) {
      this.done(sent, 'abandoned', haltError(this.halt)?.message ?? null, 'neutral');
      return this.halted(attempt);
    }
    switch (end.end) {
      case 'answered': {
        const isRefused = (attempt.status ?? 0) >= 400;
        // Without the question it answers: it does not know it.
        if (target === this.sender.plainAt && !isRefused)
          parts.traffic.usage.neverAsk(target.providerId, target.model);
        this.done(
          sent,
          'answered',
          end.hasError ? 'the answer is an error' : null,
          isRefused ? 'neutral' : end.hasError ? 'failure' : 'success',
        );
        if (!end.hasError && ready.session !== null) parts.decider.served(ready.session, target, Date.now());
        return end.hasError ? 'failed' : 'succeeded';
      }
      case 'broken':
        this.done(sent, end.outcome, end.message, 'failure');
        return 'incomplete';
      case 'failed': {
        const { outcome, message, reply } = end.failure;
        // One that was left because the time was over had less of it than it may take.
        const isHostsFault =
          reply === null || (reply.status >= 500 && reply.status !== 501) || reply.status < 300;
        this.done(sent, outcome, message, isHostsFault && !this.budget.isOver ? 'failure' : 'neutral');
        this.failed(sent, end.failure);
        return null;
      }
    }
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
