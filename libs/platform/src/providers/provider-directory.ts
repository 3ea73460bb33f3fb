import { BUCKET, bucketStream, bucketSubjects, ProviderSchema, type Provider } from '@boocontrol/contracts';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { decodeJson } from '../bus/decode.js';
import { JetStreamSetup } from '../bus/jetstream-setup.js';
import { isDeletion } from '../bus/kv-message.js';
import { Listeners } from '../listeners/listeners.js';
import { StreamFollower } from '../log/stream-follower.js';
import { readAll } from '../log/stream-reader.js';
import type { Log } from '../logs/logger.js';
import { BUS, LOG } from '../service/tokens.js';

const STREAM_NAME = bucketStream(BUCKET.providers);
const SUBJECTS = [bucketSubjects.all(BUCKET.providers)];

export interface RegistryEntry {
  /** Sequence in the bucket's stream. */
  revision: number;
  isDeleted: boolean;
  /** null: deleted, or nothing that this version can read. */
  provider: Provider | null;
}

/** The registry at one moment. */
export interface RegistrySnapshot {
  /** When the bucket's stream was made, as the server says it: a wiped bucket is another one. */
  created: string;
  /** Everything up to this sequence of the bucket's stream is in `entries`. */
  revision: number;
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
  private position: Omit<RegistrySnapshot, 'entries'> | null = null;
  private problem: string | null = 'the registry has not been read yet';
  private resolveReady: () => void = () => undefined;

  /** Resolves when the registry has been read for the first time; the bus may be away until then. */
  readonly ready = new Promise<void>((resolve) => (this.resolveReady = resolve));

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM_NAME,
      subjects: SUBJECTS,
      begin: async (jsm, { created, lastSeq }) => {
        const entries = new Map<string, RegistryEntry>();
        await readAll(jsm, STREAM_NAME, SUBJECTS, { from: 'last_per_subject' }, (message) => {
          entries.set(keyOf(message), this.read(message));
        });
        this.entries = entries;
        this.position = { created, revision: lastSeq };
        this.resolveReady();
        this.listeners.call();
        return lastSeq + 1;
      },
      onMessage: (message) => {
        if (this.position !== null) this.position = { ...this.position, revision: message.seq };
        this.set(keyOf(message), this.read(message));
      },
      onState: (up, why) => (this.problem = up ? null : why),
      onMissing: () => setup.ensure(),
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

  private read(message: JsMsg): RegistryEntry {
    const revision = message.seq;
    if (isDeletion(message)) return { revision, isDeleted: true, provider: null };
    const parsed = decodeJson(message.data, ProviderSchema);
    if (parsed.ok && parsed.value.id === keyOf(message))
      return { revision, isDeleted: false, provider: parsed.value };
    const reason = parsed.ok ? 'another id' : parsed.reason;
    this.log.warn({ key: keyOf(message), revision, reason }, 'ignored a registry entry');
    return { revision, isDeleted: false, provider: null };
  }
}

const keyOf = (message: JsMsg): string => bucketSubjects.keyOf(BUCKET.providers, message.subject);
