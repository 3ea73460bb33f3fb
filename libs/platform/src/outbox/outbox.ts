import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PipelinedPublisher } from '../bus/publisher.js';
import type { Log } from '../logs/logger.js';
import { Rounds } from '../rounds.js';
import { LOG } from '../service/tokens.js';
import { removeFromOutbox, takeFromOutbox } from './outbox.repository.js';

const BATCH = 100;
/** What another process left behind is found by looking, in milliseconds between two looks. */
const LOOK_EVERY_MS = 1_000;

/** Injection token of the schema whose outbox it is. */
export const OUTBOX_SCHEMA = Symbol('OUTBOX_SCHEMA');

/**
 * Carries committed facts to the log, each at least once under one Nats-Msg-Id. Every process carries whatever it finds, so
 * what one left behind is carried by another. Facts of different processes may pass each other: their versions tell.
 */
@Injectable()
export class Outbox implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: Rounds;

  constructor(
    @Inject(LOG) log: Log,
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(PipelinedPublisher) private readonly publisher: PipelinedPublisher,
    @Inject(OUTBOX_SCHEMA) private readonly schema: string,
  ) {
    this.rounds = new Rounds({
      log,
      trouble: 'facts wait to be published, trying again',
      everyMs: LOOK_EVERY_MS,
      round: async (signal) => {
        while (!signal.aborted && (await this.carry()) === BATCH);
      },
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.stop();
  }

  /** To be called after a commit that added facts; without it they go a second later. */
  notify(): void {
    this.rounds.soon();
  }

  /**
   * How many it tried. What was taken leaves the outbox also when another fact was refused, so that one that no stream takes
   * does not hold up the rest. Killed before the commit, they are published again under the same ids.
   * @throws {PublishError} the first one that a fact was answered with
   */
  private async carry(): Promise<number> {
    const { schema } = this;
    const outcomes = await this.db.transaction(async (manager) => {
      const facts = await takeFromOutbox(manager, schema, BATCH);
      const answers = await Promise.allSettled(
        facts.map(({ subject, body, msgId }) =>
          this.publisher.publish(subject, JSON.stringify(body), { msgId }),
        ),
      );
      const taken = facts.filter((_fact, index) => answers[index]?.status === 'fulfilled');
      if (taken.length > 0)
        await removeFromOutbox(
          manager,
          schema,
          taken.map(({ id }) => id),
        );
      return answers;
    });
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    if (refused !== undefined) throw refused.reason;
    return outcomes.length;
  }
}
