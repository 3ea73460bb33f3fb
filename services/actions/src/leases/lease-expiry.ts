import { BUCKET } from '@boocontrol/contracts';
import { BUS, CONFIG, LOG, pause, type Log } from '@boocontrol/platform';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ActionsConfig } from '../config.js';
import { Outbox } from '../outbox/outbox.js';
import { tellForeign } from './foreign-requests.repository.js';
import { removeOldForeign, removeOldLeases } from './lease-lists.repository.js';
import { endExpired, heldLeases } from './leases.repository.js';

const ROUND_EVERY_MS = 1_000;
const RETAIN_EVERY_MS = 3_600_000;
/** The log keeps requests for 7 days; older ones cannot come again. */
const FOREIGN_DAYS = 8;

/**
 * What no message tells: leases that expired, found by looking at the bucket; requests of others, told together; what is
 * too old. Any number of processes may do it.
 */
@Injectable()
export class LeaseExpiry implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private retainAtMs = 0;

  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(CONFIG) private readonly config: ActionsConfig,
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      for (const round of [() => this.expire(), () => this.tellForeign(), () => this.retain()])
        await round().catch((error: unknown) => {
          if (!signal.aborted)
            this.log.warn({ err: error }, 'leases could not be looked after, trying again');
        });
      await pause(ROUND_EVERY_MS, signal);
    }
  }

  /**
   * The bucket alone decides, by its own clock: no entry and no mark of a deletion means that its time was over. What stands
   * there instead is told by the ledger, unless that never saw how it came to be.
   */
  private async expire(): Promise<void> {
    const held = await heldLeases(this.db);
    if (held.length === 0) return;
    // The table is read first, the bucket then: what was acquired in between is not judged.
    const kv = await this.bucket();
    for (const { id, providerId } of held) {
      if ((await kv.get(providerId)) !== null) continue;
      const { ttl } = await kv.status();
      if (await endExpired(this.db, id, ttl)) this.outbox.notify();
    }
  }

  private async tellForeign(): Promise<void> {
    if (await tellForeign(this.db)) this.outbox.notify();
  }

  private async retain(): Promise<void> {
    if (performance.now() < this.retainAtMs) return;
    this.retainAtMs = performance.now() + RETAIN_EVERY_MS;
    const { ACTION_RETENTION_DAYS: days } = this.config;
    while ((await removeOldForeign(this.db, Math.min(days, FOREIGN_DAYS))) > 0);
    while ((await removeOldLeases(this.db, days)) > 0);
  }

  private bucket(): Promise<KV> {
    return new Kvm(this.nc).open(BUCKET.hostLeases, { allow_direct: false });
  }
}
