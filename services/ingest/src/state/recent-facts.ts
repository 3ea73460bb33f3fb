import type { PipelinedPublisher } from '@boocontrol/platform';
import type { HostLog } from './host-log.js';

const KEPT_MS = 24 * 60 * 60_000;
const KEPT_MAX = 1_000;

export interface RecentFact {
  subject: string;
  fact: string;
  msgId: string;
  /** Where the log acknowledged it. */
  seq: number;
  statedMs: number;
}

/**
 * The newest facts that tell an event and not a whole value. A bus that was killed may come back without the end of its
 * log, although it had acknowledged it; no later fact would tell these again.
 */
export class RecentFacts {
  private facts: RecentFact[] = [];

  add(fact: RecentFact): void {
    this.facts.push(fact);
    if (this.facts.length > KEPT_MAX) this.facts.shift();
  }

  /**
   * States again, as they were, those that the log does not hold any more.
   *
   * @throws {PublishError} that no repetition helps, or `closed` when the signal fires
   * @throws what the bus throws when the log cannot be read
   */
  async restate(
    hostLog: Pick<HostLog, 'holds'>,
    publisher: Pick<PipelinedPublisher, 'publishReliably'>,
    { nowMs, signal }: { nowMs: number; signal: AbortSignal },
  ): Promise<number> {
    this.facts = this.facts.filter(({ statedMs }) => nowMs - statedMs < KEPT_MS);
    let restated = 0;
    for (const recent of [...this.facts]) {
      if (await hostLog.holds(recent.seq, recent.msgId)) continue;
      const { subject, fact, msgId } = recent;
      recent.seq = (await publisher.publishReliably(subject, fact, { msgId, signal })).seq;
      restated++;
    }
    return restated;
  }
}
