import { createInbox, headers, type NatsConnection } from '@nats-io/transport-node';

interface Waiting {
  subject: string;
  data: string;
  msgId: string;
}

/** The least that pipelined publishing can be: no timeout, no reading of the acknowledgement, no reconnect. The limit. */
export class RawPublisher {
  private readonly inbox = createInbox();
  private readonly waiting: Waiting[] = [];
  private sent = 0;
  private acked = 0;
  private onIdle: () => void = () => undefined;

  constructor(
    private readonly nc: NatsConnection,
    private readonly window = 256,
  ) {
    nc.subscribe(this.inbox, {
      callback: () => {
        this.acked++;
        this.pump();
        if (this.acked === this.waiting.length) this.onIdle();
      },
    });
  }

  publish(subject: string, data: string, msgId: string): void {
    this.waiting.push({ subject, data, msgId });
    this.pump();
  }

  /** Resolves to the number of acknowledgements when all are there. */
  async drain(): Promise<number> {
    if (this.acked < this.waiting.length) await new Promise<void>((resolve) => (this.onIdle = resolve));
    return this.acked;
  }

  private pump(): void {
    while (this.sent - this.acked < this.window) {
      const next = this.waiting[this.sent];
      if (next === undefined) return;
      this.sent++;
      const all = headers();
      all.append('Nats-Msg-Id', next.msgId);
      this.nc.publish(next.subject, next.data, { reply: this.inbox, headers: all });
    }
  }
}
