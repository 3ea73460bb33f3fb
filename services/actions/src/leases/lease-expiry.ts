import { BUCKET } from '@boocontrol/contracts';
import { BUS, CONFIG, LOG, Outbox, Rounds, type Log } from '@boocontrol/platform';
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
  private readonly kinds: readonly Rounds[];

  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) log: Log,
    @Inject(CONFIG) private readonly config: ActionsConfig,
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    const often = { log, everyMs: ROUND_EVERY_MS, againMs: ROUND_EVERY_MS };
    this.kinds = [
      new Rounds({
        ...often,
        trouble: 'leases that expired could not be looked for, trying again',
        round: () => this.expire(),
      }),
      new Rounds({
        ...often,
        trouble: 'requests of others could not be told, trying again',
        round: () => this.tellForeign(),
      }),
      new Rounds({
        ...often,
        trouble: 'old leases could not be removed, trying again',
        everyMs: RETAIN_EVERY_MS,
        round: () => this.retain(),
      }),
    ];
  }

  onApplicationBootstrap(): void {
    for (const rounds of this.kinds) rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.kinds.map((rounds) => rounds.stop()));
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
    const { ACTION_RETENTION_DAYS: days } = this.config;
    while ((await removeOldForeign(this.db, Math.min(days, FOREIGN_DAYS))) > 0);
    while ((await removeOldLeases(this.db, days)) > 0);
  }

  private bucket(): Promise<KV> {
    return new Kvm(this.nc).open(BUCKET.hostLeases, { allow_direct: false });
  }
}
