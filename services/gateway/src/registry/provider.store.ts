import { BUCKET, ProviderSchema, type Provider } from '@boocontrol/contracts';
import { BUS, decodeJson, isLostRace } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Kvm, type KV, type KvEntry } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

export type Written = { ok: true; revision: number } | { ok: false; because: 'lost_race' };

/** What a key holds: nothing, a deletion, a provider, or something that is none (`provider` null). */
export type Stored =
  | { state: 'absent' }
  | { state: 'deleted' }
  | { state: 'present'; revision: number; provider: Provider | null };

/** Reads and conditional writes of KV `providers`. Everything throws what the bus throws when it is away. */
@Injectable()
export class ProviderStore {
  private kv: Promise<KV> | undefined;

  constructor(@Inject(BUS) private readonly nc: NatsConnection) {}

  async read(id: string): Promise<Stored> {
    const entry = await (await this.bucket()).get(id);
    if (entry === null) return { state: 'absent' };
    if (entry.operation !== 'PUT') return { state: 'deleted' };
    return { state: 'present', revision: entry.revision, provider: providerOf(entry) };
  }

  /** What the entry said when it was last declared; of a deletion, what was deleted. null: not known. */
  async lastSeedHash(id: string): Promise<string | null> {
    let seedHash: string | null = null;
    for await (const entry of await (await this.bucket()).history({ key: id })) {
      if (entry.operation === 'PURGE') seedHash = null;
      if (entry.operation === 'PUT') seedHash = providerOf(entry)?.seedHash ?? null;
    }
    return seedHash;
  }

  /** Only where nothing is, or a deletion. */
  create(provider: Provider): Promise<Written> {
    return this.write(async (kv) => kv.create(provider.id, JSON.stringify(provider)));
  }

  /** Only where the entry still is what was read. */
  update(provider: Provider, revision: number): Promise<Written> {
    return this.write(async (kv) => kv.update(provider.id, JSON.stringify(provider), revision));
  }

  /** Leaves a mark, so that the seeding knows of the deletion. */
  async delete(id: string): Promise<void> {
    await (await this.bucket()).delete(id);
  }

  /** Forgets the entry, history and all: declared again it is new. */
  async purge(id: string): Promise<void> {
    await (await this.bucket()).purge(id);
  }

  private async write(put: (kv: KV) => Promise<number>): Promise<Written> {
    try {
      return { ok: true, revision: await put(await this.bucket()) };
    } catch (error) {
      if (isLostRace(error)) return { ok: false, because: 'lost_race' };
      throw error;
    }
  }

  private bucket(): Promise<KV> {
    this.kv ??= new Kvm(this.nc).open(BUCKET.providers);
    this.kv.catch(() => (this.kv = undefined));
    return this.kv;
  }
}

function providerOf(entry: KvEntry): Provider | null {
  const parsed = decodeJson(entry.value, ProviderSchema);
  return parsed.ok ? parsed.value : null;
}
