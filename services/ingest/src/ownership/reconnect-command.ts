import { calls } from '@boocontrol/contracts';
import { answerCall, refuse } from '@boocontrol/platform';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';

/** Answers the reconnect command of one host for as long as this process holds it. */
export class ReconnectCommand {
  private readonly subscription: Subscription;

  /** @param reconnect false when the host is disabled */
  constructor(nc: NatsConnection, providerId: string, reconnect: () => boolean) {
    this.subscription = answerCall(nc, calls.reconnect, { providerId }, () => {
      if (reconnect()) return { accepted: true } as const;
      throw refuse(calls.reconnect, 'host_disabled', 'This host is disabled. Enable it first.');
    });
  }

  close(): void {
    if (!this.subscription.isClosed()) this.subscription.unsubscribe();
  }
}
