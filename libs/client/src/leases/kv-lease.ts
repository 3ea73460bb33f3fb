import type { NatsConnection } from '@nats-io/transport-node';
import { momentOf, SYSTEM_CLOCKS, type Clocks } from './clocks.js';
import { KvStore } from './kv-store.js';
import { LeaseKeeper, type Renewal } from './lease-keeper.js';
import { writeIfFree, type LeaseStore } from './lease-store.js';

export interface KvLeaseOptions {
  key: string;
  /** Who holds it; unique to each process. Its value is what others read from the key. */
  holder: string;
  /** The bucket's ttl in milliseconds. */
  ttlMs: number;
  /** Called once when a held lease is no longer ours for certain. The holder must stop at once. */
  onLost: (reason: string) => void;
}

/** Longest wait for an answer of the bus, in milliseconds; at most a third of the ttl. */
export const answerWithinMs = (ttlMs: number): number => Math.min(5_000, ttlMs / 3);

/**
 * A lease on a key: at most one holder at a time. It fences itself: when renewals fail for three quarters of the ttl it
 * counts as lost here before the key expires there. When its holder dies it is free after the ttl.
 */
export class StoredLease {
  private readonly keeper: LeaseKeeper;
  private revision = 0;

  constructor(
    private readonly store: LeaseStore,
    private readonly options: KvLeaseOptions,
    private readonly clocks: Clocks,
  ) {
    const { key, ttlMs, onLost } = options;
    this.keeper = new LeaseKeeper({
      clocks,
      ttlMs,
      renew: () => this.renew(),
      onLost: (reason) => onLost(`Lease ${key} ${reason}`),
    });
  }

  /** Judged by the clocks at the moment of asking. */
  get isHeld(): boolean {
    return this.keeper.isHeld;
  }

  /**
   * One attempt; false when somebody else holds it. From true on it is renewed until release() or onLost.
   * @throws {LeaseError} when the bus does not answer; the outcome is then unknown and the key, if taken, expires by itself
   */
  async tryAcquire(): Promise<boolean> {
    if (this.isHeld) return true;
    const sent = momentOf(this.clocks);
    const revision = await writeIfFree(this.store, this.options.key, this.options.holder);
    if (revision === null) return false;
    this.revision = revision;
    return this.keeper.begin(sent);
  }

  /** Gives the lease back at once, if it is still ours. Never throws: an unreachable key expires by itself. */
  async release(): Promise<void> {
    const { isHeld } = this;
    this.keeper.stop();
    if (!isHeld) return;
    try {
      const { key, holder } = this.options;
      if (await this.store.remove(key, this.revision)) return;
      // A renewal was under way.
      const now = await this.store.read(key);
      if (now.text === holder) await this.store.remove(key, now.revision);
    } catch {
      // The bus is away.
    }
  }

  private async renew(): Promise<Renewal> {
    const { key, holder } = this.options;
    const revision = await this.store.write(key, holder, this.revision);
    if (revision !== null) {
      this.revision = revision;
      return 'renewed';
    }
    // The key moved on: either our own renewal was stored and its answer got lost, or somebody else has it.
    const now = await this.store.read(key);
    if (now.text !== holder) return { lost: 'was taken by another holder' };
    this.revision = now.revision;
    return 'unknown';
  }
}

/** A lease on a key of a bucket on NATS. */
export class KvLease extends StoredLease {
  /** @param bucket its keys expire after ttlMs; it must exist */
  constructor({ nc, bucket, ...options }: KvLeaseOptions & { nc: NatsConnection; bucket: string }) {
    super(new KvStore(nc, bucket, answerWithinMs(options.ttlMs)), options, SYSTEM_CLOCKS);
  }
}
