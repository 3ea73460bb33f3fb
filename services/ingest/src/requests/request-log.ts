import type { Instant, Request } from '@boocontrol/contracts';
import { laterOf } from '@boocontrol/fleet-model';
import type { Facts } from '../state/facts.js';
import type { HostLog, RequestMark } from '../state/host-log.js';
import type { LivenessState } from '../state/liveness.js';

/**
 * The request facts of one host, written one after the other. Each states the sequence of the one before it: a process
 * that lost its lease, or a log that lost its tail, is noticed instead of doubled (PublishError `wrong_last_sequence`;
 * then recover).
 */
export class RequestLog {
  private mark: RequestMark = { row: null, seq: 0 };
  private completeUntil: Instant | null = null;
  private isCompared = false;

  constructor(
    private readonly facts: Facts,
    private readonly hostLog: HostLog,
    private readonly liveness: Pick<LivenessState, 'rowsComplete'>,
  ) {}

  get newest(): RequestMark['row'] {
    return this.mark.row;
  }

  /**
   * Rows that ended after this may have gone unseen; null once the host's rows were compared with the log. That the host
   * was heard since proves nothing: a process may have ended between hearing it and asking for its rows.
   */
  get unknownSince(): Instant | null {
    if (this.isCompared) return null;
    const endedAt = this.mark.row?.endedAt ?? null;
    if (this.completeUntil === null || endedAt === null) return this.completeUntil ?? endedAt;
    return laterOf(this.completeUntil, endedAt);
  }

  contactLost(): void {
    this.isCompared = false;
  }

  /** What may be missing was told: within this connection nothing more can be lost unseen. */
  compared(): void {
    this.isCompared = true;
  }

  /** Every row that ended until then is on the log. */
  complete(until: Instant): void {
    this.completeUntil = this.completeUntil === null ? until : laterOf(this.completeUntil, until);
    this.liveness.rowsComplete(this.completeUntil);
  }

  async recover(): Promise<void> {
    const mark = await this.hostLog.newestRequest();
    // Not what we left there: what was told in this connection may be lost as well.
    if (mark.seq !== this.mark.seq) this.isCompared = false;
    this.mark = mark;
    this.completeUntil = await this.hostLog.rowsCompleteUntil();
    this.liveness.rowsComplete(this.completeUntil);
  }

  /** The bus was away: when its log lost rows that it had acknowledged, what is known is read anew. */
  async verify(): Promise<void> {
    const { row, seq } = this.mark;
    if (row !== null && !(await this.hostLog.holds(seq, this.msgId(row)))) await this.recover();
  }

  async append(request: Omit<Request, 'providerId' | 'at'>, at: string): Promise<void> {
    const { entryId, ts, endedAt } = request;
    const ack = await this.facts.put('request', request, {
      at,
      msgId: this.msgId(request),
      expectLastSubjectSeq: this.mark.seq,
    });
    this.mark = { row: { entryId, ts, endedAt }, seq: ack.seq };
  }

  private msgId({ entryId, ts }: Pick<Request, 'entryId' | 'ts'>): string {
    return `${this.facts.providerId}:${entryId}:${ts}`;
  }
}
