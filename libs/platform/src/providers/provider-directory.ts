import { BUCKET, ProviderSchema, type Provider } from '@boocontrol/contracts';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { JetStreamSetup } from '../bus/jetstream-setup.js';
import type { BucketSight } from '../buckets/bucket-follower.js';
import { FollowedBucket, type FollowedEntry } from '../buckets/followed-bucket.js';
import { Listeners } from '../listeners/listeners.js';
import type { Log } from '../logs/logger.js';
import { BUS, LOG } from '../service/tokens.js';

/** The registry at one moment. */
export interface RegistrySnapshot extends BucketSight {
  /** Every key that was ever written, also those that were deleted. */
  entries: ReadonlyMap<string, FollowedEntry<Provider>>;
}

/**
 * The provider registry (KV `providers`) in memory, followed live: across restarts of the bus, and read anew when the
 * bucket was wiped and filled again. The one follower of the registry in a process.
 */
@Injectable()
export class ProviderDirectory implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly bucket: FollowedBucket<Provider>;
  private readonly listeners = new Listeners<[]>();
  private problem: string | null = 'the registry has not been read yet';
  private resolveReady: () => void = () => undefined;

  /** Resolves when the registry has been read for the first time; the bus may be away until then. */
  readonly ready = new Promise<void>((resolve) => (this.resolveReady = resolve));

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.bucket = new FollowedBucket({
      nc,
      log,
      setup,
      bucket: BUCKET.providers,
      schema: ProviderSchema,
      what: 'a registry entry',
      keyOf: ({ id }) => id,
      onAnew: () => this.resolveReady(),
      onChange: () => this.listeners.call(),
      onState: (up, why) => (this.problem = up ? null : why),
    });
  }

  onApplicationBootstrap(): void {
    this.bucket.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.bucket.stop();
  }

  /** Every provider, hosts and others, in no particular order; null until the registry has been read. */
  get providers(): Provider[] | null {
    return this.isRead ? this.bucket.values : null;
  }

  /** null also while the registry has not been read. */
  get(id: string): Provider | null {
    return this.bucket.get(id);
  }

  /** false: the registry has not been read yet. */
  get isRead(): boolean {
    return this.bucket.sight !== null;
  }

  /** What else there is to know of the registry; null until it has been read. */
  get snapshot(): RegistrySnapshot | null {
    const { sight, entries } = this.bucket;
    return sight === null ? null : { ...sight, entries: new Map(entries) };
  }

  /** Why the registry is not followed at the moment, in words; null when it is. */
  get trouble(): string | null {
    return this.problem;
  }

  /** Called after each change of any provider, and when the registry was read anew. Returns what removes the listener. */
  onChange(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  /**
   * What a write of ours has put there, so that the next question already sees it.
   * @param revision of the write; an older one than what is known changes nothing
   * @param provider null for a deletion
   */
  note(id: string, revision: number, provider: Provider | null): void {
    this.bucket.note(id, revision, provider);
  }
}
