import { BUCKET, LEASE_TTL_MS } from '@boocontrol/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { SYSTEM_CLOCKS, type Clocks } from './clocks.js';
import { answerWithinMs } from './kv-lease.js';
import { KvStore } from './kv-store.js';
import { LeaseProtocol } from './lease-protocol.js';

export interface HostLeasesOptions {
  /** Default `host_leases`, the bucket that everybody agrees on. */
  bucket?: string;
  /** The ttl of that bucket, in milliseconds; default 30,000. */
  ttlMs?: number;
  clocks?: Clocks;
}

/** Who has which host to itself: KV `host_leases` of BooControl's bus. */
export class HostLeases extends LeaseProtocol {
  constructor(
    nc: NatsConnection,
    { bucket = BUCKET.hostLeases, ttlMs = LEASE_TTL_MS, clocks = SYSTEM_CLOCKS }: HostLeasesOptions = {},
  ) {
    super(new KvStore(nc, bucket, answerWithinMs(ttlMs)), clocks, ttlMs);
  }
}
