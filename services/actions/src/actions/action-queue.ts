import { QueuedActionSchema, STREAM, subjects, type Action } from '@boocontrol/contracts';
import {
  BUS,
  decodeJson,
  JetStreamSetup,
  pause,
  PipelinedPublisher,
  PublishError,
  RpcError,
} from '@boocontrol/platform';
import {
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  type JetStreamManager,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';

/** A place in the queue of a host. */
export interface Place {
  /** Sequence in the stream. */
  seq: number;
  /** The same over streams that were made anew: later ones are higher. */
  turn: number;
}

const ATTEMPTS = 3;
const API = { checkAPI: false, timeout: 2_000 };

/** The queues of the hosts on the bus: one subject each, of which the stream takes no more than its depth. */
@Injectable()
export class ActionQueue {
  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(PipelinedPublisher) private readonly publisher: PipelinedPublisher,
    @Inject(JetStreamSetup) private readonly setup: JetStreamSetup,
  ) {}

  /**
   * Puts an action at the end of its host's queue; doing so again gives the place that it has.
   * @throws {PublishError | RpcError} when the bus does not answer: it may be in the queue or not
   */
  async put({ id, providerId }: Pick<Action, 'id' | 'providerId'>): Promise<Place | 'full'> {
    const subject = subjects.queuedAction(providerId);
    for (let attempt = 1; ; attempt++) {
      try {
        const { seq } = await this.publisher.publish(subject, JSON.stringify({ id, providerId }), {
          msgId: id,
        });
        return await this.placeOf(seq);
      } catch (error) {
        if (isFull(error)) return 'full';
        if (attempt === ATTEMPTS || !(error instanceof PublishError) || !error.isRetryable) throw error;
        if (error.code === 'no_stream') await this.setup.ensure();
        await pause(100 * attempt);
      }
    }
  }

  /** @throws {RpcError} `unavailable` when the bus does not answer */
  async placeOf(seq: number): Promise<Place> {
    const { created } = await this.ask((jsm) => jsm.streams.info(STREAM.actionQueue));
    return { seq, turn: Math.floor(Date.parse(created) / 1_000) * 1_000_000 + seq };
  }

  /**
   * What waits for a host: sequences by action, in order.
   * @throws {RpcError} `unavailable` when the bus does not answer; {JetStreamApiError} when there is no stream
   */
  async waiting(providerId: string): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (let seq = 1; ;) {
      const query = { seq, next_by_subj: subjects.queuedAction(providerId) };
      const message = await this.ask((jsm) => jsm.streams.getMessage(STREAM.actionQueue, query));
      if (message === null) return found;
      const body = decodeJson(message.data, QueuedActionSchema);
      if (body.ok) found.set(body.value.id, message.seq);
      seq = message.seq + 1;
    }
  }

  /**
   * Takes an action out of its queue, which frees the place at once; one that is not there any more is no error.
   * @throws as `waiting`
   */
  async remove({ id, providerId }: Pick<Action, 'id' | 'providerId'>): Promise<void> {
    // By its id and not by the sequence that it once had: a stream made anew counts from 1 again.
    const seq = (await this.waiting(providerId)).get(id);
    if (seq === undefined) return;
    try {
      await this.ask((jsm) => jsm.streams.deleteMessage(STREAM.actionQueue, seq));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  private async ask<T>(question: (jsm: JetStreamManager) => Promise<T>): Promise<T> {
    try {
      return await question(await jetstreamManager(this.nc, API));
    } catch (cause) {
      if (cause instanceof JetStreamApiError) throw cause;
      throw new RpcError('unavailable', 'The bus does not answer at the moment', undefined, { cause });
    }
  }
}

/** The server has one code for all that keeps it from storing a message; only the words differ. */
const isFull = (error: unknown): boolean =>
  error instanceof PublishError &&
  error.code === 'rejected' &&
  /maximum messages per subject/.test(error.message);

const isGone = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound;
