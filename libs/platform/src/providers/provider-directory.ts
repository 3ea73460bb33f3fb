import { BUCKET, bucketSubjects, ProviderSchema, type Provider } from '@boocontrol/contracts';
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
import { Listeners } from '../listeners/listeners.js';
import { StreamFollower } from '../log/stream-follower.js';
import { readAll } from '../log/stream-reader.js';
import type { Log } from '../logs/logger.js';
import { BUS, LOG } from '../service/tokens.js';

/** How a bucket lies in its stream: NATS ADR-8. */
const STREAM_NAME = `KV_${BUCKET.providers}`;
const PREFIX = bucketSubjects.of(BUCKET.providers, '');

interface Entry {
  /** Sequence in the bucket's stream. */
  revision: number;
  /** null: deleted, or nothing that this version can read. */
  provider: Provider | null;
}

/**
 * The provider registry (KV `providers`) in memory, followed live: across restarts of the bus, and read anew when the
 * bucket was wiped and filled again. The one follower of the registry in a process.
 */
@Injectable()
export class ProviderDirectory implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly follower: StreamFollower;
  private readonly listeners = new Listeners<[]>();
  private entries: ReadonlyMap<string, Entry> = new Map();
  private isRead = false;
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
      subjects: [`${PREFIX}>`],
      begin: async (jsm, { lastSeq }) => {
        const entries = new Map<string, Entry>();
        await readAll(jsm, STREAM_NAME, [`${PREFIX}>`], { from: 'last_per_subject' }, (message) => {
          entries.set(keyOf(message), { revision: message.seq, provider: this.read(message) });
        });
        this.entries = entries;
        this.isRead = true;
        this.resolveReady();
        this.listeners.call();
        return lastSeq + 1;
      },
      onMessage: (message) => this.note(keyOf(message), message.seq, this.read(message)),
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
    if (!this.isRead) return null;
    return [...this.entries.values()].flatMap(({ provider }) => (provider === null ? [] : [provider]));
  }

  /** null also while the registry has not been read. */
  get(id: string): Provider | null {
    return this.entries.get(id)?.provider ?? null;
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
    if (revision <= (this.entries.get(id)?.revision ?? 0)) return;
    this.entries = new Map(this.entries).set(id, { revision, provider });
    this.listeners.call();
  }

  private read(message: JsMsg): Provider | null {
    if (['DEL', 'PURGE'].includes(message.headers?.get('KV-Operation') ?? '')) return null;
    const parsed = decodeJson(message.data, ProviderSchema);
    if (parsed.ok && parsed.value.id === keyOf(message)) return parsed.value;
    const reason = parsed.ok ? 'another id' : parsed.reason;
    this.log.warn({ key: keyOf(message), revision: message.seq, reason }, 'ignored a registry entry');
    return null;
  }
}

const keyOf = (message: JsMsg): string => message.subject.slice(PREFIX.length);
