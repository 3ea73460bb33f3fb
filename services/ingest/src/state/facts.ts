import { subjects, type FactKind, type FactMap, type Gap, type Instant } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import {
  PublishError,
  type Log,
  type PipelinedPublisher,
  type PublishAck,
  type ReliableOptions,
} from '@boocontrol/platform';
import { metrics } from '../metrics.js';
import type { HostLog } from './host-log.js';
import { RecentFacts } from './recent-facts.js';

/** Facts that tell an event: they are stated once, and no later one tells the same. */
const EVENTS: ReadonlySet<FactKind> = new Set(['model-changed', 'gap']);

export type Body<K extends FactKind> = Omit<FactMap[K], 'providerId' | 'at'>;

/** States the facts of one host. Everything it sends stops when `life` ends. */
export class Facts {
  private readonly recent = new RecentFacts();

  constructor(
    readonly providerId: string,
    readonly publisher: PipelinedPublisher,
    readonly life: AbortSignal,
    readonly log: Log,
  ) {}

  /** Resolves when it is on the log. Rejects with PublishError: `closed` at the end of life, or a refusal. */
  async put<K extends FactKind>(
    kind: K,
    body: Body<K>,
    { at = instantFromMs(Date.now()), ...options }: Omit<ReliableOptions, 'signal'> & { at?: Instant } = {},
  ): Promise<PublishAck> {
    const fact = JSON.stringify({ providerId: this.providerId, at, ...body });
    const subject = subjects.fact(this.providerId, kind);
    const ack = await this.publisher.publishReliably(subject, fact, { ...options, signal: this.life });
    metrics.facts.inc({ kind });
    const { msgId } = options;
    if (EVENTS.has(kind) && msgId !== undefined)
      this.recent.add({ subject, fact, msgId, seq: ack.seq, statedMs: Date.now() });
    return ack;
  }

  /** The bus was away: events that its log lost are stated again. Throws as RecentFacts.restate does. */
  async restateEvents(hostLog: HostLog): Promise<void> {
    const context = { nowMs: Date.now(), signal: this.life };
    const restated = await this.recent.restate(hostLog, this.publisher, context);
    if (restated > 0)
      this.log.warn({ provider: this.providerId, restated }, 'the log had lost facts; they are stated again');
  }

  async gap(gap: Pick<Gap, 'fromTs' | 'toTs' | 'reason' | 'missing'>): Promise<void> {
    const msgId = `${this.providerId}:gap:${gap.reason}:${gap.fromTs}:${gap.toTs}`;
    await this.put('gap', { model: '*', state: 'gap_suspected', ...gap }, { msgId });
    metrics.gaps.inc({ reason: gap.reason });
    this.log.warn({ provider: this.providerId, ...gap }, 'gap');
  }
}

/**
 * A fact that carries the whole current value: while one is on its way only the newest is kept, so nothing piles up
 * while the bus is away.
 */
export class LatestFact<K extends FactKind> {
  private next: Body<K> | null = null;
  private last: Body<K> | null = null;
  private isSending = false;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly facts: Facts,
    private readonly kind: K,
  ) {}

  set(body: Body<K>): void {
    this.next = body;
    this.last = body;
    if (!this.isSending) void this.send();
  }

  /** States the newest value again, after the bus may have lost it. */
  repeat(): void {
    if (this.last !== null) this.set(this.last);
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    if (this.isSending) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private async send(): Promise<void> {
    this.isSending = true;
    for (let body = this.next; body !== null; body = this.next) {
      this.next = null;
      try {
        await this.facts.put(this.kind, body);
      } catch (error) {
        const isEnd = error instanceof PublishError && error.code === 'closed';
        if (!isEnd) this.facts.log.error({ err: error, kind: this.kind }, 'a fact was refused');
      }
    }
    this.isSending = false;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
