import { createdMicros, fencingTokenOf } from '@boocontrol/client';
import { BUCKET, bucketStream, bucketSubjects, LEASE_TTL_MS, LeaseEntrySchema } from '@boocontrol/contracts';
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

const STREAM = bucketStream(BUCKET.hostLeases);
const SUBJECTS = [bucketSubjects.all(BUCKET.hostLeases)];

export interface HeldHost {
  holder: string;
  purpose: string;
  fencingToken: string;
}
interface Entry extends HeldHost {
  /** By our clock, when it was last heard of. */
  heardMs: number;
}

/**
 * Who has which host to itself, as the bucket of leases has it: the truth about it, tokens included. An entry of which nothing
 * was heard for the bucket's ttl has expired, which no message tells.
 */
@Injectable()
export class LeaseBook implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly follower: StreamFollower;
  private readonly held = new Map<string, Entry>();
  /** Of the bucket's stream, as the server says it. */
  private created = '';

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
      begin: async (jsm, { created, lastSeq }) => {
        const messages: JsMsg[] = [];
        await readAll(jsm, STREAM, SUBJECTS, { from: 'last_per_subject' }, (message) =>
          messages.push(message),
        );
        this.created = created;
        this.held.clear();
        for (const message of messages) this.take(message);
        return lastSeq + 1;
      },
      onMessage: (message) => this.take(message),
      onMissing: () => setup.ensure(),
    });
  }

  onApplicationBootstrap(): void {
    this.follower.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.follower.stop();
  }

  /** null: nobody has the host to itself. @param nowMs of the wall clock */
  holderOf(providerId: string, nowMs: number): HeldHost | null {
    const entry = this.held.get(providerId);
    return entry === undefined || nowMs - entry.heardMs > LEASE_TTL_MS ? null : entry;
  }

  private take(message: JsMsg): void {
    const providerId = bucketSubjects.keyOf(BUCKET.hostLeases, message.subject);
    if (isDeletion(message)) return void this.held.delete(providerId);
    const parsed = decodeJson(message.data, LeaseEntrySchema);
    if (!parsed.ok) {
      this.log.warn({ providerId, reason: parsed.reason }, 'ignored an entry in the bucket of leases');
      return;
    }
    const { holder, purpose, endedBy, fencingToken } = parsed.value;
    if (endedBy !== null) return void this.held.delete(providerId);
    // The entry that acquires has no token: it is the token.
    const token = fencingToken ?? fencingTokenOf(createdMicros(this.created), message.seq);
    this.held.set(providerId, { holder, purpose, fencingToken: token, heardMs: Date.now() });
  }
}
