import { BUCKET, ScoreSchema, subjects, type Score } from '@boocontrol/contracts';
import { BUS, FollowedBucket, JetStreamSetup, LOG, Rounds, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import { adviceOf, OURS } from './advice.js';
import { newestRuns } from './leaderboard.repository.js';

/** Also what another process or a wiped bus left behind is put right after so long. */
const EVERY_MS = 15_000;
const AGAIN_MS = 2_000;

/**
 * Keeps KV `scores` as the tables say: writes what differs and removes what is no more. Any number of processes may, since
 * all of them write the same.
 */
@Injectable()
export class ScoreWriter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly bucket: FollowedBucket<Score>;
  private readonly rounds: Rounds;
  private ended: Subscription | undefined;

  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
    @Inject(LOG) log: Log,
  ) {
    const onAnew = () => this.rounds.soon();
    const schema = ScoreSchema;
    this.bucket = new FollowedBucket({
      nc,
      log,
      setup,
      bucket: BUCKET.scores,
      schema,
      what: 'a score',
      onAnew,
    });
    this.rounds = new Rounds({
      log,
      trouble: 'scores could not be handed to routing, trying again',
      everyMs: EVERY_MS,
      againMs: AGAIN_MS,
      round: () => this.write(),
    });
  }

  onApplicationBootstrap(): void {
    // Whichever process ends a run; one that is missed here is found in the next round.
    this.ended = this.nc.subscribe(subjects.job('eval', '*', 'succeeded'), { callback: () => this.soon() });
    this.bucket.start();
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ended?.unsubscribe();
    await this.rounds.stop();
    await this.bucket.stop();
  }

  /** Something that scores are made of has changed. */
  soon(): void {
    this.rounds.soon();
  }

  private async write(): Promise<void> {
    // Not read yet: it calls when it is.
    if (this.bucket.sight === null) return;
    const advice = adviceOf(await newestRuns(this.db));
    const kv = await new Kvm(this.nc).open(BUCKET.scores);
    for (const [key, score] of advice) {
      const text = JSON.stringify(score);
      const there = this.bucket.entries.get(key);
      if (!there || there.isDeleted || text !== JSON.stringify(there.value)) await kv.put(key, text);
    }
    for (const [key, { isDeleted }] of this.bucket.entries)
      if (key.startsWith(OURS) && !isDeleted && !advice.has(key)) await kv.delete(key);
  }
}
