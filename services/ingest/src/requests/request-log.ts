import type { Instant, Request } from '@boocontrol/contracts';
import type { Facts } from '../state/facts.js';
import type { HostLog, RequestMark } from '../state/host-log.js';

/**
 * The request facts of one host, written one after the other. Each states the sequence of the one before it: a process
 * that lost its lease, or a log that lost its tail, is noticed instead of doubled (PublishError `wrong_last_sequence`;
 * then recover).
 */
export class RequestLog {
  private mark: RequestMark = { row: null, seq: 0 };
  private unknownFrom: Instant | null = null;

  constructor(
    private readonly facts: Facts,
    private readonly hostLog: HostLog,
  ) {}

  get newest(): RequestMark['row'] {
    return this.mark.row;
  }

  /** Rows that ended after this may have gone unseen; null once the host's rows were compared with the log. */
  get unknownSince(): Instant | null {
    return this.unknownFrom;
  }

  /** Until the rows are compared the first loss counts: a connection that broke before that has proved nothing. */
  contactLost(lastHeardAt: Instant): void {
    this.unknownFrom ??= lastHeardAt;
  }

  compared(): void {
    this.unknownFrom = null;
  }

  async recover(): Promise<void> {
    this.mark = await this.hostLog.newestRequest();
  }

  async append(request: Omit<Request, 'providerId' | 'at'>, at: string): Promise<void> {
    const { entryId, ts } = request;
    const ack = await this.facts.put('request', request, {
      at,
      msgId: `${this.facts.providerId}:${entryId}:${ts}`,
      expectLastSubjectSeq: this.mark.seq,
    });
    this.mark = { row: { entryId, ts }, seq: ack.seq };
  }
}
