import { jetstream } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { isLostRace } from './publish-error.js';

export interface LeaseOptions {
  nc: NatsConnection;
  /** A bucket whose keys expire after ttlMs; it must exist (ensureBuckets). */
  bucket: string;
  key: string;
  /** Who holds it; unique to each process. Its value is what others read from the key. */
  holder: string;
  /** The bucket's ttl in milliseconds. */
  ttlMs: number;
  /** Called once when a held lease is no longer ours for certain. The holder must stop at once. */
  onLost: (reason: string) => void;
}

/** Renewing this often leaves room for two failures before the fence. */
const RENEWALS_PER_TTL = 3.2;
/** Held no longer than this part of the ttl after the last good renewal was sent: the key still stands then. */
const FENCE_AT = 0.75;

/**
 * A lease on a key: at most one holder at a time. It fences itself: when renewals fail for three quarters of the ttl it
 * counts as lost here before the key expires there. When its holder dies it is free after the ttl.
 */
export class KvLease {
  private kv: KV | undefined;
  private revision: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private fence: NodeJS.Timeout | undefined;

  constructor(private readonly options: LeaseOptions) {}

  get isHeld(): boolean {
    return this.revision !== undefined;
  }

  /**
   * One attempt; false when somebody else holds it. From true on it is renewed until release() or onLost.
   * Thrown: when the bus does not answer; the outcome is then unknown and the key, if taken, expires by itself.
   */
  async tryAcquire(): Promise<boolean> {
    if (this.revision !== undefined) return true;
    const sentMs = performance.now();
    const kv = await this.bucket();
    try {
      const revision = await kv.create(this.options.key, this.options.holder);
      return this.confirm(revision, sentMs);
    } catch (error) {
      if (isLostRace(error)) return false;
      throw error;
    }
  }

  /** Gives the lease back at once, if it is still ours. Never throws: an unreachable key expires by itself. */
  async release(): Promise<void> {
    const { revision } = this;
    this.clear();
    if (revision === undefined) return;
    try {
      const kv = await this.bucket();
      await kv.delete(this.options.key, { previousSeq: revision });
    } catch {
      // Lost, or the bus is away.
    }
  }

  private confirm(revision: number, sentMs: number): boolean {
    const { ttlMs } = this.options;
    const fenceInMs = sentMs + ttlMs * FENCE_AT - performance.now();
    if (fenceInMs <= 0) return false;
    this.clear();
    this.revision = revision;
    this.timer = setTimeout(() => void this.renew(), ttlMs / RENEWALS_PER_TTL);
    this.fence = setTimeout(() => this.lose('could not be renewed in time'), fenceInMs);
    return true;
  }

  private async renew(): Promise<void> {
    const before = this.revision;
    if (before === undefined) return;
    const { key, holder } = this.options;
    const sentMs = performance.now();
    try {
      const kv = await this.bucket();
      const revision = await kv.update(key, holder, before);
      if (this.revision === before && !this.confirm(revision, sentMs)) this.lose('was renewed too late');
    } catch (error) {
      if (this.revision !== before) return;
      if (!isLostRace(error)) return this.renewSoon();
      await this.adopt(before);
    }
  }

  /** The key moved on: either our own renewal was stored and its answer got lost, or somebody else has it. */
  private async adopt(before: number): Promise<void> {
    try {
      const kv = await this.bucket();
      const entry = await kv.get(this.options.key);
      if (this.revision !== before) return;
      const isOurs = entry !== null && entry.operation === 'PUT' && entry.string() === this.options.holder;
      if (!isOurs) return this.lose('was taken by another holder');
      this.revision = entry.revision;
    } catch {
      // The fence decides.
    }
    this.renewSoon();
  }

  private renewSoon(): void {
    if (this.revision === undefined) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.renew(), this.options.ttlMs / 20);
  }

  private lose(reason: string): void {
    if (this.revision === undefined) return;
    this.clear();
    this.options.onLost(`Lease ${this.options.key} ${reason}`);
  }

  private clear(): void {
    clearTimeout(this.timer);
    clearTimeout(this.fence);
    this.revision = undefined;
  }

  private async bucket(): Promise<KV> {
    // Direct reads may come from a replica that lags; a lease must read from the leader.
    const js = jetstream(this.options.nc, { timeout: this.options.ttlMs / RENEWALS_PER_TTL });
    this.kv ??= await new Kvm(js).open(this.options.bucket, { allow_direct: false });
    return this.kv;
  }
}
