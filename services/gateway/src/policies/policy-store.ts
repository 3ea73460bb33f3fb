import { BUCKET, RoutePolicySchema, type RoutePolicy } from '@boocontrol/contracts';
import { BUS, decodeJson, isLostRace } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

/** What a key holds. */
export interface StoredPolicy {
  /** 0: it was never written. */
  revision: number;
  /** null: nothing, a deletion, or something that is none. */
  policy: RoutePolicy | null;
  isThere: boolean;
}

/** Reads and conditional writes of KV `policies`. Everything throws what the bus throws when it is away. */
@Injectable()
export class PolicyStore {
  private kv: Promise<KV> | undefined;

  constructor(@Inject(BUS) private readonly nc: NatsConnection) {}

  async read(name: string): Promise<StoredPolicy> {
    const entry = await (await this.bucket()).get(name);
    if (entry === null) return { revision: 0, policy: null, isThere: false };
    const { revision, operation } = entry;
    if (operation !== 'PUT') return { revision, policy: null, isThere: false };
    const parsed = decodeJson(entry.value, RoutePolicySchema);
    return { revision, policy: parsed.ok ? parsed.value : null, isThere: true };
  }

  /** Only where the entry still is what was read. @returns null: somebody else wrote */
  write(policy: RoutePolicy, after: number): Promise<number | null> {
    return this.unlessLost((kv) => kv.put(policy.name, JSON.stringify(policy), { previousSeq: after }));
  }

  /** Only where the entry still is what was read. @returns false: somebody else wrote */
  async remove(name: string, after: number): Promise<boolean> {
    const done = await this.unlessLost(async (kv) => {
      await kv.delete(name, { previousSeq: after });
      return after;
    });
    return done !== null;
  }

  private async unlessLost(write: (kv: KV) => Promise<number>): Promise<number | null> {
    try {
      return await write(await this.bucket());
    } catch (error) {
      if (isLostRace(error)) return null;
      throw error;
    }
  }

  private bucket(): Promise<KV> {
    // From the leader: a replica may lag behind what another gateway wrote just now.
    this.kv ??= new Kvm(this.nc).open(BUCKET.policies, { allow_direct: false });
    this.kv.catch(() => (this.kv = undefined));
    return this.kv;
  }
}
