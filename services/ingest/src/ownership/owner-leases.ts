import { randomBytes } from 'node:crypto';
import { KvLease } from '@boocontrol/client';
import { BUCKET, BUCKETS } from '@boocontrol/contracts';
import { BUS, CONFIG, type BaseConfig } from '@boocontrol/platform';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { memberKey, ownersOf, type Owners } from './share.js';

const TTL_MS = BUCKETS.find(({ name }) => name === BUCKET.ingestOwners)?.ttlMs ?? 8_000;

/** This process among the owners of hosts: the lease that says it is there, and leases of hosts. */
@Injectable()
export class OwnerLeases {
  /** Unique to this run: a process that was killed and started again under its old name does not hold its old leases. */
  private readonly holder: string;
  private member: KvLease | null = null;

  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(CONFIG) config: BaseConfig,
  ) {
    this.holder = `${config.SERVICE_INSTANCE}-${randomBytes(4).toString('hex')}`;
  }

  /**
   * Makes this process count among the owners; nothing when it does.
   *
   * @throws what the bus throws
   */
  async join(onLost: () => void): Promise<void> {
    this.member ??= this.lease(memberKey(this.holder), onLost);
    if (!this.member.isHeld) await this.member.tryAcquire();
  }

  async leave(): Promise<void> {
    await this.member?.release();
  }

  /**
   * @param filter of keys; who holds a host matters only while one of them is not ours
   * @throws what the bus throws
   */
  async owners(filter: string): Promise<Owners> {
    const kv = await new Kvm(this.nc).open(BUCKET.ingestOwners, { allow_direct: false });
    const keys: string[] = [];
    for await (const key of await kv.keys(filter)) keys.push(key);
    return ownersOf(keys);
  }

  lease(key: string, onLost: (reason: string) => void): KvLease {
    const { nc, holder } = this;
    return new KvLease({ nc, bucket: BUCKET.ingestOwners, key, holder, ttlMs: TTL_MS, onLost });
  }
}
