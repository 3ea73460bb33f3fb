import {
  BUCKET,
  bucketStream,
  bucketSubjects,
  RoutePolicySchema,
  type RoutePolicy,
} from '@boocontrol/contracts';
import {
  BUS,
  decodeJson,
  isDeletion,
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
import { BUILT_IN, inOrder } from './built-in.js';

const STREAM = bucketStream(BUCKET.policies);
const SUBJECTS = [bucketSubjects.all(BUCKET.policies)];

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
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM,
      subjects: SUBJECTS,
      begin: async (jsm, { lastSeq }) => {
        const entries = new Map<string, Entry>();
        await readAll(jsm, STREAM, SUBJECTS, { from: 'last_per_subject' }, (message) => {
          entries.set(keyOf(message), this.read(message));
        });
        this.entries = entries;
        this.onAnew();
        return lastSeq + 1;
      },
      onMessage: (message) => this.set(keyOf(message), this.read(message)),
      onMissing: () => setup.ensure(),
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

  private read(message: JsMsg): Entry {
    const revision = message.seq;
    if (isDeletion(message)) return { revision, policy: null };
    const parsed = decodeJson(message.data, RoutePolicySchema);
    if (parsed.ok && parsed.value.name === keyOf(message)) return { revision, policy: parsed.value };
    const reason = parsed.ok ? 'another name' : parsed.reason;
    this.log.warn({ key: keyOf(message), revision, reason }, 'ignored a policy');
    return { revision, policy: null };
  }
}

const keyOf = (message: JsMsg): string => bucketSubjects.keyOf(BUCKET.policies, message.subject);
