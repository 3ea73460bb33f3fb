import { BUCKET, ScoreSchema, type Score } from '@boocontrol/contracts';
import { BUS, FollowedBucket, JetStreamSetup, LOG, type Log } from '@boocontrol/platform';
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
  private readonly bucket: FollowedBucket<Score>;
  /** null: to be made again of the bucket. */
  private scores: Scores | null = null;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.bucket = new FollowedBucket({
      nc,
      log,
      setup,
      bucket: BUCKET.scores,
      schema: ScoreSchema,
      what: 'a score',
      onChange: () => (this.scores = null),
    });
  }

  onApplicationBootstrap(): void {
    this.bucket.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.bucket.stop();
  }

  get now(): Scores {
    return (this.scores ??= new Scores(this.bucket.values));
  }
}
