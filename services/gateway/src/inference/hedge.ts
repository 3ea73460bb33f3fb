import type { Sent } from './sender.js';

/** A request at a host, and the place there that is given back when it is over. */
export interface Runner {
  sent: Sent;
  /** Gives the place back; a second time it does nothing. */
  leavePlace: () => void;
}

export interface HedgeParts<T> {
  /** Milliseconds that the first host may be silent. */
  afterMs: number;
  /** Asks the second host; null: there is none that fits. */
  second: () => Runner | null;
  /** This one is the one to look at: it alone is left, or its answer is about to go out. */
  leads: (sent: Sent) => void;
  /** The answer of this one is about to go out; nothing has gone to the client yet but comments of ours. */
  wins: (sent: Sent) => void;
  /** Another host answers, or (null) the request was halted: this one was left. */
  lost: (sent: Sent, winner: Sent | null) => void;
  /** What became of the one that counts; null: nothing of it went to the client. */
  ended: (sent: Sent, end: Awaited<Sent['result']>) => T | null;
}

/**
 * One request at two hosts at most: when the first is silent for too long, a second is asked too. Whoever has an answer first
 * goes to the client, and in the same moment the other is left, so that it cannot write any more.
 */
export class Hedge<T> {
  private readonly running = new Set<Runner>();
  private timer: NodeJS.Timeout | null = null;
  private resolve: (outcome: T | null) => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;

  constructor(private readonly parts: HedgeParts<T>) {}

  /** null: whoever was asked has failed. */
  run(first: Runner): Promise<T | null> {
    const outcome = new Promise<T | null>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.join(first);
    this.timer = setTimeout(() => this.guarded(() => this.due(first)), this.parts.afterMs);
    return outcome;
  }

  private due(first: Runner): void {
    if (!this.running.has(first) || !first.sent.attempt.isSilent) return;
    const second = this.parts.second();
    if (second === null) return;
    this.join(second);
    for (const { sent } of this.running) sent.attempt.hasRival = true;
  }

  private join(runner: Runner): void {
    this.running.add(runner);
    runner.sent.attempt.onChosen = () => this.chosen(runner);
    void runner.sent.result.then((end) => this.guarded(() => this.end(runner, end)));
  }

  private chosen(winner: Runner): void {
    this.stopWaiting();
    for (const runner of this.running) if (runner !== winner) this.drop(runner, winner.sent);
    this.parts.leads(winner.sent);
    this.parts.wins(winner.sent);
  }

  private end(runner: Runner, end: Awaited<Sent['result']>): void {
    if (!this.running.delete(runner)) return;
    runner.leavePlace();
    // Halted: both are over, and the client is told once.
    if (end === null) for (const other of this.running) this.drop(other, null);
    const outcome = this.parts.ended(runner.sent, end);
    const [left] = this.running;
    if (outcome === null && left !== undefined) {
      left.sent.attempt.hasRival = false;
      this.parts.leads(left.sent);
      return;
    }
    this.stopWaiting();
    this.resolve(outcome);
  }

  private drop(runner: Runner, winner: Sent | null): void {
    this.running.delete(runner);
    runner.sent.leave();
    runner.leavePlace();
    this.parts.lost(runner.sent, winner);
  }

  private stopWaiting(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Nobody else catches what a timer or the end of an answer throws. */
  private guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.stopWaiting();
      for (const { sent, leavePlace } of this.running) {
        sent.leave();
        leavePlace();
      }
      this.running.clear();
      this.reject(error);
    }
  }
}
