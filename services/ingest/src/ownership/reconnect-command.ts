import { ReconnectRequestSchema, subjects } from '@boocontrol/contracts';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { z } from 'zod';

/** The packet that RpcClient and Nest's NATS transport send. */
const PacketSchema = z.object({ data: ReconnectRequestSchema });

/** Answers `boo.rpc.ingest.reconnect.<provider>` for as long as this process holds the host. */
export class ReconnectCommand {
  private readonly subscription: Subscription;

  constructor(
    nc: NatsConnection,
    private readonly providerId: string,
    private readonly reconnect: () => boolean,
  ) {
    this.subscription = nc.subscribe(subjects.reconnect(providerId), {
      callback: (error, msg) => {
        if (error === null) msg.respond(JSON.stringify({ ...this.answer(msg), isDisposed: true }));
      },
    });
  }

  close(): void {
    if (!this.subscription.isClosed()) this.subscription.unsubscribe();
  }

  private answer(msg: Msg): object {
    const asked = packetOf(msg);
    if (asked?.providerId !== this.providerId)
      return { err: { code: 'bad_request', message: `Send {"providerId": "${this.providerId}"}` } };
    if (this.reconnect()) return { response: { accepted: true } };
    return { err: { code: 'host_disabled', message: 'This host is disabled. Enable it first.' } };
  }
}

function packetOf(msg: Msg): z.infer<typeof ReconnectRequestSchema> | null {
  try {
    return PacketSchema.safeParse(msg.json()).data?.data ?? null;
  } catch {
    return null;
  }
}
