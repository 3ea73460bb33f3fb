import { createdMicros, fencingTokenOf } from '@boocontrol/client';
import { BUCKET, LEASE_TTL_MS, LeaseEntrySchema } from '@boocontrol/contracts';
import {
  bucketFollower,
  BUS,
  decodeJson,
  JetStreamSetup,
  LOG,
  type BucketEntry,
  type Log,
  type StreamFollower,
} from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';

export interface HeldHost {
  holder: string;
  purpose: string;
  fencingToken: string;
}
interface Entry extends HeldHost {
  /** By our clock, when it was last heard of. */
  heardMs: number;
}

/**
 * Who has which host to itself, as the bucket of leases has it: the truth about it, tokens included. An entry of which nothing
 * was heard for the bucket's ttl has expired, which no message tells.
 */
@Injectable()
export class LeaseBook implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly follower: StreamFollower;
  private readonly held = new Map<string, Entry>();
  /** Of the bucket's stream, as the server says it. */
  private created = '';

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.follower = bucketFollower({
      nc,
      log,
      setup,
      bucket: BUCKET.hostLeases,
      onAnew: (entries, { created }) => {
        this.created = created;
        this.held.clear();
        for (const entry of entries) this.take(entry);
      },
      onEntry: (entry) => this.take(entry),
    });
  }

  onApplicationBootstrap(): void {
    this.follower.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.follower.stop();
  }

  /** null: nobody has the host to itself. @param nowMs of the wall clock */
  holderOf(providerId: string, nowMs: number): HeldHost | null {
    const entry = this.held.get(providerId);
    return entry === undefined || nowMs - entry.heardMs > LEASE_TTL_MS ? null : entry;
  }

  private take({ key: providerId, revision, data }: BucketEntry): void {
    if (data === null) return void this.held.delete(providerId);
    const parsed = decodeJson(data, LeaseEntrySchema);
    if (!parsed.ok) {
      this.log.warn({ providerId, reason: parsed.reason }, 'ignored an entry in the bucket of leases');
      return;
    }
    const { holder, purpose, endedBy, fencingToken } = parsed.value;
    if (endedBy !== null) return void this.held.delete(providerId);
    // The entry that acquires has no token: it is the token.
    const token = fencingToken ?? fencingTokenOf(createdMicros(this.created), revision);
    this.held.set(providerId, { holder, purpose, fencingToken: token, heardMs: Date.now() });
  }
}
