import { BUCKET, ProviderSchema, type Provider } from '@boocontrol/contracts';
import {
  BUS,
  decode,
  HealthRegistry,
  JetStreamSetup,
  LOG,
  readAll,
  StreamFollower,
  type Log,
} from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** How a bucket lies in its stream: NATS ADR-8. */
const STREAM_NAME = `KV_${BUCKET.providers}`;
const PREFIX = `$KV.${BUCKET.providers}.`;

interface Entry {
  revision: number;
  /** null: deleted, or nothing that this version can read. */
  provider: Provider | null;
}

function removes(message: JsMsg): boolean {
  return ['DEL', 'PURGE'].includes(message.headers?.get('KV-Operation') ?? '');
}

/** The providers as KV has them, followed live; a bucket that was wiped and filled again is read anew. */
@Injectable()
export class Registry implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private entries: ReadonlyMap<string, Entry> = new Map();
  private readonly listeners = new Set<() => void>();
  private loaded = false;
  private problem: string | null = 'the registry has not been read yet';
  private readonly follower: StreamFollower;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
    @Inject(HealthRegistry) health: HealthRegistry,
  ) {
    health.register('registry', () =>
      this.problem === null ? { status: 'up' } : { status: 'down', detail: this.problem },
    );
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM_NAME,
      subjects: [`${PREFIX}>`],
      begin: async (jsm, { lastSeq }) => {
        const entries = new Map<string, Entry>();
        await readAll(jsm, STREAM_NAME, [`${PREFIX}>`], { from: 'last_per_subject' }, (message) => {
          entries.set(message.subject.slice(PREFIX.length), {
            revision: message.seq,
            provider: this.read(message),
          });
        });
        this.entries = entries;
        this.loaded = true;
        this.changed();
        return lastSeq + 1;
      },
      onMessage: (message) => this.set(message.subject.slice(PREFIX.length), message.seq, this.read(message)),
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

  /** Called when the registry was read, and whenever an entry changes. Returns what removes the listener. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** null until the registry has been read. */
  get providers(): Provider[] | null {
    if (!this.loaded) return null;
    return [...this.entries.values()].flatMap(({ provider }) => (provider === null ? [] : [provider]));
  }

  get(id: string): Provider | null {
    return this.entries.get(id)?.provider ?? null;
  }

  /** What a write of ours has put there, so that the next question already sees it. */
  set(id: string, revision: number, provider: Provider | null): void {
    if (revision <= (this.entries.get(id)?.revision ?? 0)) return;
    this.entries = new Map(this.entries).set(id, { revision, provider });
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private read(message: JsMsg): Provider | null {
    if (removes(message)) return null;
    const parsed = decode(message, ProviderSchema);
    if (parsed.ok && message.subject === PREFIX + parsed.value.id) return parsed.value;
    this.log.warn(
      { key: message.subject, revision: message.seq, reason: parsed.ok ? 'another id' : parsed.reason },
      'ignored a registry entry',
    );
    return null;
  }
}
