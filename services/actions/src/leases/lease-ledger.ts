import { BUCKET, bucketStream, bucketSubjects, LEASE_TTL_MS } from '@boocontrol/contracts';
import {
  backoffDelayMs,
  BUS,
  HealthRegistry,
  JetStreamSetup,
  LOG,
  Outbox,
  pause,
  readAll,
  StreamFollower,
  type Log,
} from '@boocontrol/platform';
import { jetstreamManager, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import { millis, type NatsConnection } from '@nats-io/transport-node';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { readChange } from './bucket-change.js';
import { writeChange } from './leases.repository.js';

const STREAM_NAME = bucketStream(BUCKET.hostLeases);
const SUBJECTS = [bucketSubjects.all(BUCKET.hostLeases)];
/** How long somebody waits for the table at most, in milliseconds. */
const CATCH_UP_MS = 5_000;

interface Place {
  /** Of the bucket's stream, as the server says it. */
  created: string;
  seq: number;
}

/**
 * Writes what happens in the bucket of leases into the table. Every process does, each the whole of it: the table takes each
 * change once. What ends without a message (expiry) is found by LeaseExpiry.
 */
@Injectable()
export class LeaseLedger implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly follower: StreamFollower;
  private problem: string | null = 'the leases have not been read yet';
  /** Of the bucket that is followed: when its stream was made, as the server says it, and how long its entries stand. */
  private bucket = { created: '', ttlMs: LEASE_TTL_MS };
  /** The table has everything up to here; null: nothing is known. */
  private written: Place | null = null;
  /** One after the other. */
  private writing: Promise<void> = Promise.resolve();

  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
    @Inject(HealthRegistry) health: HealthRegistry,
  ) {
    health.register('leases', () =>
      this.problem === null ? { status: 'up' } : { status: 'down', detail: this.problem },
    );
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM_NAME,
      subjects: SUBJECTS,
      begin: (jsm, { created, lastSeq }) => this.begin(jsm, { created, seq: lastSeq }),
      onMessage: (message) => this.take(message),
      onState: (up, why) => (this.problem = up ? null : why),
      onMissing: () => setup.ensure(),
    });
  }

  onApplicationBootstrap(): void {
    this.follower.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.follower.stop();
    await this.writing;
  }

  /**
   * Resolves when the table has everything that was in the bucket at the moment of the call.
   * @throws {Error} when that takes more than five seconds, with `isRetryable`
   * @throws what the bus answers
   */
  async caughtUp(): Promise<void> {
    const jsm = await jetstreamManager(this.nc, { checkAPI: false });
    const deadlineMs = performance.now() + CATCH_UP_MS;
    for (;;) {
      const { created, state } = await jsm.streams.info(STREAM_NAME);
      // Without a message nothing will come; while there is one the last is among them.
      const isThere = state.messages === 0 || this.has({ created, seq: state.last_seq });
      if (isThere && this.written?.created === created) return;
      if (performance.now() > deadlineMs || this.stopping.signal.aborted) throw new NotCaughtUpError();
      await pause(20, this.stopping.signal);
    }
  }

  private has({ created, seq }: Place): boolean {
    return this.written !== null && this.written.created === created && this.written.seq >= seq;
  }

  private async begin(jsm: JetStreamManager, last: Place): Promise<number> {
    await this.writing;
    this.written = null;
    const { config } = await jsm.streams.info(STREAM_NAME);
    this.bucket = { created: last.created, ttlMs: millis(config.max_age) };
    const messages: JsMsg[] = [];
    await readAll(jsm, STREAM_NAME, SUBJECTS, { from: 'all' }, (message) => messages.push(message));
    for (const message of messages) await this.write(message);
    this.written = last;
    return last.seq + 1;
  }

  private take(message: JsMsg): void {
    const { created } = this.bucket;
    this.writing = this.writing.then(async () => {
      await this.writeUntilDone(message);
      if (created === this.written?.created) this.written = { created, seq: message.seq };
    });
  }

  private async writeUntilDone(message: JsMsg): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        return await this.write(message);
      } catch (error) {
        this.log.warn({ err: error }, 'a change of a lease cannot be written, trying again');
        await pause(backoffDelayMs(failures, { baseMs: 100, maxMs: 3_000 }, Math.random()), signal);
      }
    }
  }

  private async write(message: JsMsg): Promise<void> {
    const read = readChange(this.bucket.created, message);
    if (!read.ok) {
      const { subject, seq } = message;
      this.log.warn({ subject, seq, reason: read.reason }, 'ignored an entry in the bucket of leases');
      return;
    }
    if (await writeChange(this.db, read.change, this.bucket.ttlMs)) this.outbox.notify();
  }
}

/** The table lags behind the bucket. */
class NotCaughtUpError extends Error {
  readonly isRetryable = true;
  constructor() {
    super('The table of leases has not caught up with the bus yet');
    this.name = 'NotCaughtUpError';
  }
}
