import { BUCKET, ScoreSchema, type Score } from '@boocontrol/contracts';
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
import { Scores } from './scores.js';

/** KV `scores` in memory. Whoever measures writes it; the gateway only follows. */
@Injectable()
export class ScoreBook implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly follower: StreamFollower;
  /** By key. */
  private entries = new Map<string, Score>();
  /** null: to be made again of the entries. */
  private scores: Scores | null = null;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.follower = bucketFollower({
      nc,
      log,
      setup,
      bucket: BUCKET.scores,
      onAnew: (entries) => {
        this.entries = new Map();
        for (const entry of entries) this.take(entry);
      },
      onEntry: (entry) => this.take(entry),
    });
  }

  onApplicationBootstrap(): void {
    this.follower.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.follower.stop();
  }

  get now(): Scores {
    return (this.scores ??= new Scores(this.entries.values()));
  }

  private take({ key, revision, data }: BucketEntry): void {
    this.scores = null;
    this.entries.delete(key);
    if (data === null) return;
    const parsed = decodeJson(data, ScoreSchema);
    if (parsed.ok) this.entries.set(key, parsed.value);
    else this.log.warn({ key, revision, reason: parsed.reason }, 'ignored a score');
  }
}
