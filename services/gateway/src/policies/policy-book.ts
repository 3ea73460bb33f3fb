import { BUCKET, RoutePolicySchema, type RoutePolicy } from '@boocontrol/contracts';
import {
  bucketFollower,
  BUS,
  decodeJson,
  JetStreamSetup,
  LOG,
  type BucketEntry,
  type Log,
  type StreamFollower,
} from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { BUILT_IN, inOrder } from './built-in.js';

interface Entry {
  /** Sequence in the bucket's stream. */
  revision: number;
  /** null: deleted, or nothing that this version can read. */
  policy: RoutePolicy | null;
}

/** The policies in memory, as KV `policies` has them: what decides while the database is away. */
@Injectable()
export class PolicyBook implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly follower: StreamFollower;
  private entries = new Map<string, Entry>();
  /** The one who fills a bucket that is new. */
  private onAnew: () => void = () => undefined;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.follower = bucketFollower({
      nc,
      log,
      setup,
      bucket: BUCKET.policies,
      onAnew: (entries) => {
        this.entries = new Map(entries.map((entry) => [entry.key, this.read(entry)]));
        this.onAnew();
      },
      onEntry: (entry) => this.set(entry.key, this.read(entry)),
    });
  }

  onApplicationBootstrap(): void {
    this.follower.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.follower.stop();
  }

  /** Called when the bucket was read: at first, and when it is another one. */
  whenReadAnew(listener: () => void): void {
    this.onAnew = listener;
  }

  /** null: there is none of that name. */
  get(name: string): RoutePolicy | null {
    const entry = this.entries.get(name);
    // A built-in one is always there, whatever became of its entry.
    return entry?.policy ?? BUILT_IN.get(name) ?? null;
  }

  /** The built-in ones first. */
  list(): RoutePolicy[] {
    const names = new Set([...BUILT_IN.keys(), ...this.entries.keys()]);
    return inOrder([...names].map((name) => this.get(name)).filter((policy) => policy !== null));
  }

  /** What a write of ours has put there, so that the next request already sees it. */
  note(name: string, revision: number, policy: RoutePolicy | null): void {
    this.set(name, { revision, policy });
  }

  private set(name: string, entry: Entry): void {
    if (entry.revision > (this.entries.get(name)?.revision ?? 0)) this.entries.set(name, entry);
  }

  private read({ key, revision, data }: BucketEntry): Entry {
    if (data === null) return { revision, policy: null };
    const parsed = decodeJson(data, RoutePolicySchema);
    if (parsed.ok && parsed.value.name === key) return { revision, policy: parsed.value };
    const reason = parsed.ok ? 'another name' : parsed.reason;
    this.log.warn({ key, revision, reason }, 'ignored a policy');
    return { revision, policy: null };
  }
}
