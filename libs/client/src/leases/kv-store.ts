import { bucketStream } from '@boocontrol/contracts';
import { jetstream, jetstreamManager, JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { createdMicros } from './fencing-token.js';
import { LeaseError } from './lease-error.js';
import type { LeaseStore, StoredText } from './lease-store.js';
import { isLostRace } from './lost-race.js';

/** A bucket on NATS. */
export class KvStore implements LeaseStore {
  private opened: Promise<KV> | undefined;

  constructor(
    private readonly nc: NatsConnection,
    private readonly bucket: string,
    /** How long to wait for an answer, in milliseconds. */
    private readonly timeoutMs: number,
  ) {}

  created(): Promise<number> {
    return this.ask(async () => {
      const jsm = await jetstreamManager(this.nc, { checkAPI: false, timeout: this.timeoutMs });
      const info = await jsm.streams.info(bucketStream(this.bucket));
      return createdMicros(info.created);
    });
  }

  read(key: string): Promise<StoredText> {
    return this.ask(async (kv) => {
      const entry = await kv.get(key);
      if (entry === null) return { text: null, revision: 0 };
      return { text: entry.operation === 'PUT' ? entry.string() : null, revision: entry.revision };
    });
  }

  write(key: string, text: string, after: number): Promise<number | null> {
    return this.unlessLost(null, (kv) => kv.put(key, text, { previousSeq: after }));
  }

  remove(key: string, after: number): Promise<boolean> {
    return this.unlessLost(false, async (kv) => {
      await kv.delete(key, { previousSeq: after });
      return true;
    });
  }

  keys(): Promise<string[]> {
    return this.ask(async (kv) => {
      const keys: string[] = [];
      for await (const key of await kv.keys()) keys.push(key);
      return keys;
    });
  }

  private unlessLost<T>(lost: T, work: (kv: KV) => Promise<T>): Promise<T> {
    return this.ask(async (kv) => {
      try {
        return await work(kv);
      } catch (error) {
        if (isLostRace(error)) return lost;
        throw error;
      }
    });
  }

  private async ask<T>(work: (kv: KV) => Promise<T>): Promise<T> {
    try {
      return await work(await this.open());
    } catch (cause) {
      throw asLeaseError(this.bucket, cause);
    }
  }

  private open(): Promise<KV> {
    // Direct reads may come from a replica that lags; a lease must read from the leader.
    const js = jetstream(this.nc, { timeout: this.timeoutMs });
    this.opened ??= new Kvm(js).open(this.bucket, { allow_direct: false });
    return this.opened;
  }
}

function asLeaseError(bucket: string, cause: unknown): LeaseError {
  const isMissing = cause instanceof JetStreamApiError && cause.code === JetStreamApiCodes.StreamNotFound;
  if (isMissing)
    return new LeaseError(
      'no_bucket',
      `This bus has no bucket ${bucket}: BooControl makes it when it starts`,
      { cause },
    );
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LeaseError('unavailable', `The bus did not answer about ${bucket}: ${why}`, { cause });
}
