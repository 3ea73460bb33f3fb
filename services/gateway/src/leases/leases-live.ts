import {
  calls,
  LeaseFactSchema,
  STREAM,
  subjects,
  type ControlLeases,
  type Lease,
} from '@boocontrol/contracts';
import { BUS, decodeJson, JetStreamSetup, LOG, RpcClient, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { Relay } from '../relay/relay.js';
import { ACTIONS_SERVICE } from '../rpc/actions-service.js';
import { askService } from '../rpc/ask-service.js';

/** Leases that are held, as every browser is told of them. */
@Injectable()
export class LeasesLive implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly relay: Relay<Lease>;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
    @Inject(RpcClient) client: RpcClient,
  ) {
    this.relay = new Relay({
      nc,
      log,
      setup,
      stream: STREAM.leases,
      subjects: [subjects.allLeases],
      keepEnded: 0,
      read: (data) => {
        const fact = decodeJson(data, LeaseFactSchema);
        return fact.ok ? { ok: true, value: fact.value.lease } : fact;
      },
      ask: async () => {
        const asked = { name: ACTIONS_SERVICE, timeoutMs: 10_000 };
        const { held, ended } = await askService(client, calls.leases, { limit: 1 }, asked);
        return { open: held, ended };
      },
    });
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.relay.stop();
  }

  /** null until there is something to tell. */
  get current(): ControlLeases | null {
    const { current } = this.relay;
    if (current === null) return null;
    const byHost = (a: Lease, b: Lease): number => (a.providerId < b.providerId ? -1 : 1);
    return { leases: current.items.sort(byHost), trouble: current.trouble };
  }

  /** All of it, when something came since the last call; null: nothing did. */
  drain(): ControlLeases | null {
    return this.relay.drain() === null ? null : this.current;
  }
}
