import type { RouteFact } from '@boocontrol/contracts';
import { isRefusal, isWorthRetry, type Attempt, type AttemptEnd, type Failure } from './attempt.js';
import type { Verdict } from './breaker.js';
import { Budget } from './budget.js';
import type { ClientAnswer, OwnError } from './client-answer.js';
import type { ExchangeParts, Ready } from './exchange-parts.js';
import { introduction, NOBODY, noAnswer } from './exchange-words.js';
import { haltError, pauseUnless, type HaltSignal, problemOfHalt } from './halt.js';
import { Hedge, type Runner } from './hedge.js';
import type { Target } from './parts.js';
import { Places } from './places.js';
import type { RequestRecord } from './record.js';
import { Sender, type Sent } from './sender.js';
import { TargetOrder } from './target-order.js';

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
  private readonly places: Places;
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
    this.places = new Places(parts, record, halt, this.budget);
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
      const entered = await this.places.enter(target);
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

  private introduce(target: Target, before: string | null): void {
    const { answer, record, ready } = this;
    answer.tell(introduction(ready.choice, target, record.attempts.length + 1, before));
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

  /** A loaded and idle replica is asked at once; null: there is none. */
  private second(first: Target): Runner | null {
    const replica = this.places.enterReplica(this.order, first);
    if (replica === null) return null;
    this.hasHedged = true;
    this.answer.tell({ 'x-boo-attempts': String(this.record.attempts.length + 2) });
    return { sent: this.sender.send(replica.target), leavePlace: replica.leave };
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
    const error = last === null ? (trouble ?? NOBODY) : noAnswer(last, record.attempts);
    record.error = { code: error.code, message: error.message };
    answer.fail(error);
    return last === null ? 'refused' : 'failed';
  }
}

/** Another host may have the context that this one has not, or may not send an error in its stream. */
function mayBeBetter({ isTooLong, reply }: Failure): boolean {
  return isTooLong || (reply !== null && reply.status < 300);
}
