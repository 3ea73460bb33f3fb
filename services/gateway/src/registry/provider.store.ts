import { BUCKET, bucketStream, bucketSubjects, ProviderSchema, type Provider } from '@boocontrol/contracts';
import { BUS, decodeJson, isDeletion, isLostRace, readAll } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

export type Written = { ok: true; revision: number } | { ok: false; because: 'lost_race' };

/** What a key holds: nothing, a deletion, a provider, or something that is none (`provider` null). */
export type Stored =
  | { state: 'absent' }
  | { state: 'deleted' }
  | { state: 'present'; revision: number; provider: Provider | null };

/** The whole registry, no older than `lastSeq` of the bucket's stream. */
export interface Registry {
  lastSeq: number;
  entries: ReadonlyMap<string, Stored>;
}

const STREAM = bucketStream(BUCKET.providers);

/** Reads and conditional writes of KV `providers`. Everything throws what the bus throws when it is away. */
@Injectable()
export class ProviderStore {
  private kv: Promise<KV> | undefined;

  constructor(@Inject(BUS) private readonly nc: NatsConnection) {}

  async read(id: string): Promise<Stored> {
    const entry = await (await this.bucket()).get(id);
    if (entry === null) return { state: 'absent' };
    if (entry.operation !== 'PUT') return { state: 'deleted' };
    return { state: 'present', revision: entry.revision, provider: providerOf(entry.value) };
  }

  /** What the entry said when it was last declared; of a deletion, what was deleted. null: not known. */
  async lastSeedHash(id: string): Promise<string | null> {
    let seedHash: string | null = null;
    for await (const entry of await (await this.bucket()).history({ key: id })) {
      if (entry.operation === 'PURGE') seedHash = null;
      if (entry.operation === 'PUT') seedHash = providerOf(entry.value)?.seedHash ?? null;
    }
    return seedHash;
  }

  async readAll(): Promise<Registry> {
    const jsm = await jetstreamManager(this.nc, { checkAPI: false });
    // First the sequence: what is written while the entries are read then makes a write at it fail.
    const { state } = await jsm.streams.info(STREAM);
    const entries = new Map<string, Stored>();
    const subjects = [bucketSubjects.all(BUCKET.providers)];
    await readAll(jsm, STREAM, subjects, { from: 'last_per_subject' }, (message) => {
      entries.set(bucketSubjects.keyOf(BUCKET.providers, message.subject), storedOf(message));
    });
    return { lastSeq: state.last_seq, entries };
  }

  /**
   * Only where nothing at all was written since the registry was read: for what depends on the other entries, too. The
   * bucket's stream compares and stores in one step, so of all gateways one wins.
   */
  put(provider: Provider, { lastSeq }: Registry): Promise<Written> {
    const subject = bucketSubjects.of(BUCKET.providers, provider.id);
    return this.write(async () => {
      const expect = { lastSequence: lastSeq };
      return (await jetstream(this.nc).publish(subject, JSON.stringify(provider), { expect })).seq;
    });
  }

  /** Only where the entry still is what was read. */
  update(provider: Provider, revision: number): Promise<Written> {
    return this.write(async () =>
      (await this.bucket()).update(provider.id, JSON.stringify(provider), revision),
    );
  }

  /** Leaves a mark, so that the seeding knows of the deletion. */
  async delete(id: string): Promise<void> {
    await (await this.bucket()).delete(id);
  }

  /** Forgets the entry, history and all: declared again it is new. */
  async purge(id: string): Promise<void> {
    await (await this.bucket()).purge(id);
  }

  private async write(put: () => Promise<number>): Promise<Written> {
    try {
      return { ok: true, revision: await put() };
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

function providerOf(value: Uint8Array): Provider | null {
  const parsed = decodeJson(value, ProviderSchema);
  return parsed.ok ? parsed.value : null;
}

function storedOf(message: JsMsg): Stored {
  if (isDeletion(message)) return { state: 'deleted' };
  return { state: 'present', revision: message.seq, provider: providerOf(message.data) };
}
