import { BUCKET, ProviderSchema, type Provider } from '@boocontrol/contracts';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { decodeJson } from '../bus/decode.js';
import { JetStreamSetup } from '../bus/jetstream-setup.js';
import { Listeners } from '../listeners/listeners.js';
import { bucketFollower, type BucketEntry, type BucketSight } from '../buckets/bucket-follower.js';
import type { StreamFollower } from '../log/stream-follower.js';
import type { Log } from '../logs/logger.js';
import { BUS, LOG } from '../service/tokens.js';

export interface RegistryEntry {
  /** Sequence in the bucket's stream. */
  revision: number;
  isDeleted: boolean;
  /** null: deleted, or nothing that this version can read. */
  provider: Provider | null;
}

/** The registry at one moment. */
export interface RegistrySnapshot extends BucketSight {
  /** Every key that was ever written, also those that were deleted. */
  entries: ReadonlyMap<string, RegistryEntry>;
}

/**
 * The provider registry (KV `providers`) in memory, followed live: across restarts of the bus, and read anew when the
 * bucket was wiped and filled again. The one follower of the registry in a process.
 */
@Injectable()
export class ProviderDirectory implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly follower: StreamFollower;
  private readonly listeners = new Listeners<[]>();
  private entries: ReadonlyMap<string, RegistryEntry> = new Map();
  /** null: not read yet. */
  private position: BucketSight | null = null;
  private problem: string | null = 'the registry has not been read yet';
  private resolveReady: () => void = () => undefined;

  /** Resolves when the registry has been read for the first time; the bus may be away until then. */
  readonly ready = new Promise<void>((resolve) => (this.resolveReady = resolve));

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.follower = bucketFollower({
      nc,
      log,
      setup,
      bucket: BUCKET.providers,
      onAnew: (entries, sight) => {
        this.entries = new Map(entries.map((entry) => [entry.key, this.read(entry)]));
        this.position = sight;
        this.resolveReady();
        this.listeners.call();
      },
      onEntry: (entry) => {
        if (this.position !== null) this.position = { ...this.position, revision: entry.revision };
        this.set(entry.key, this.read(entry));
      },
      onState: (up, why) => (this.problem = up ? null : why),
    });
  }

  onApplicationBootstrap(): void {
    this.follower.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.follower.stop();
  }

  /** Every provider, hosts and others, in no particular order; null until the registry has been read. */
  get providers(): Provider[] | null {
    if (this.position === null) return null;
    return [...this.entries.values()].flatMap(({ provider }) => (provider === null ? [] : [provider]));
  }

  /** null also while the registry has not been read. */
  get(id: string): Provider | null {
    return this.entries.get(id)?.provider ?? null;
  }

  /** false: the registry has not been read yet. */
  get isRead(): boolean {
    return this.position !== null;
  }

  /** What else there is to know of the registry; null until it has been read. */
  get snapshot(): RegistrySnapshot | null {
    return this.position === null ? null : { ...this.position, entries: this.entries };
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
    this.set(id, { revision, isDeleted: provider === null, provider });
  }

  private set(id: string, entry: RegistryEntry): void {
    if (entry.revision <= (this.entries.get(id)?.revision ?? 0)) return;
    this.entries = new Map(this.entries).set(id, entry);
    this.listeners.call();
  }

  private read({ key, revision, data }: BucketEntry): RegistryEntry {
    if (data === null) return { revision, isDeleted: true, provider: null };
    const parsed = decodeJson(data, ProviderSchema);
    if (parsed.ok && parsed.value.id === key) return { revision, isDeleted: false, provider: parsed.value };
    const reason = parsed.ok ? 'another id' : parsed.reason;
    this.log.warn({ key, revision, reason }, 'ignored a registry entry');
    return { revision, isDeleted: false, provider: null };
  }
}
