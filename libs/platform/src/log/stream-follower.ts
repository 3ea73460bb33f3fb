import {
  jetstreamManager,
  type ConsumerMessages,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { backoffDelayMs, pause } from '../backoff.js';
import type { Log } from '../logs/logger.js';
import {
  forgetConsumer,
  positionAt,
  readerConsumer,
  seeStream,
  sightOf,
  type StreamSight,
} from './stream-reader.js';
import { continuity, type Position } from './log-position.js';
import { onReconnect } from './reconnects.js';

export interface FollowOptions {
  nc: NatsConnection;
  log: Log;
  stream: string;
  subjects: readonly string[];
  /**
   * Called before the first message and whenever the log is not the one that was read before (recreated, lost its
   * tail): rebuild what is known, and return the sequence from which to follow. Failures are tried again.
   */
  begin: (jsm: JetStreamManager, stream: StreamSight) => Promise<number>;
  onMessage: (message: JsMsg) => void;
  /** Whether messages flow, and in words why not. */
  onState?: (up: boolean, why: string) => void;
  /** Called when the stream does not exist, before it is looked for again: create it here. */
  onMissing: () => Promise<void>;
}

/** Notifications after which a consumer gives nothing more, or may never have been ours. */
const BROKEN: ReadonlySet<string> = new Set([
  'heartbeats_missed',
  'consumer_not_found',
  'stream_not_found',
  'consumer_deleted',
  'no_responders',
]);
/** How often the stream is looked at for a swap that no notification told of. */
const LOOK_EVERY_MS = 5_000;
const STOP_WAIT_MS = 1_000;

/**
 * Follows subjects of a stream for as long as it is not stopped: across restarts of the bus, lost consumers, deleted
 * and recreated streams. Each message of the log is handed over once and in order, else `begin` is called again.
 */
export class StreamFollower {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private position: Position | null = null;
  private messages: ConsumerMessages | undefined;

  constructor(private readonly options: FollowOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Nothing is handed over after it; a question to a bus that is away is not waited for. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.messages?.stop();
    await Promise.race([this.running, pause(STOP_WAIT_MS)]);
  }

  private async run(): Promise<void> {
    const { log, stream, onState } = this.options;
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures++) {
      const takenBefore = this.position?.seq;
      try {
        await this.followOnce();
        if (this.position?.seq !== takenBefore) failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        const why = error instanceof Error ? error.message : String(error);
        onState?.(false, why);
        log.warn({ err: error, stream }, 'cannot follow the log, trying again');
      }
      await pause(backoffDelayMs(failures, { baseMs: 50, maxMs: 2_000 }, Math.random()), signal);
    }
  }

  private async followOnce(): Promise<void> {
    const { nc, log, stream, subjects, onMissing, onState } = this.options;
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    const seen = await seeStream(jsm, stream);
    if (seen === null) {
      onState?.(false, `the stream ${stream} is not there`);
      log.warn({ stream }, 'the stream is gone, making it again');
      return onMissing();
    }
    const position = await this.continueOrBegin(jsm, seen);
    const { name } = await readerConsumer(jsm, stream, subjects, { from: 'sequence', seq: position.seq + 1 });
    const consumer = await jsm.jetstream().consumers.get(stream, name);
    if (this.stopping.signal.aborted) return;
    const messages = await consumer.consume({ max_messages: 1_000, expires: 10_000, idle_heartbeat: 1_000 });
    this.messages = messages;
    // The client would look for its consumer itself, but after a failure only again when its pull expires.
    const forget = onReconnect(nc, () => messages.stop());
    const looking = setInterval(() => void this.look(jsm, messages), LOOK_EVERY_MS);
    try {
      void this.watch(messages);
      onState?.(true, '');
      await this.take(messages, position);
    } finally {
      forget();
      clearInterval(looking);
      messages.stop();
      forgetConsumer(jsm, stream, name);
    }
    if (!this.stopping.signal.aborted) onState?.(false, 'the consumer was lost, looking for the log again');
  }

  private async continueOrBegin(jsm: JetStreamManager, seen: StreamSight): Promise<Position> {
    const { stream, log, begin } = this.options;
    if (this.position !== null) {
      const verdict = continuity(this.position, await sightOf(jsm, stream, this.position, seen));
      if (verdict === 'same') return this.position;
      log.warn(
        { stream, verdict, lastSeq: seen.lastSeq, knownSeq: this.position.seq },
        'another log, reading it anew',
      );
    }
    this.position = null;
    const from = await begin(jsm, seen);
    this.position = await positionAt(jsm, stream, seen.created, from - 1);
    return this.position;
  }

  private async take(messages: ConsumerMessages, position: Position): Promise<void> {
    let delivery = 0;
    for await (const message of messages) {
      const { deliverySequence, streamSequence, timestampNanos } = message.info;
      // A hole in the deliveries: this consumer cannot be trusted to have given everything.
      if (deliverySequence !== ++delivery) return;
      position.seq = streamSequence;
      position.timeMs = Math.floor(timestampNanos / 1e6);
      this.options.onMessage(message);
    }
  }

  private async watch(messages: ConsumerMessages): Promise<void> {
    for await (const { type } of messages.status()) {
      if (BROKEN.has(type)) messages.stop();
    }
  }

  /** Deleted and recreated between two heartbeats, a stream keeps silent; its creation time tells. */
  private async look(jsm: JetStreamManager, messages: ConsumerMessages): Promise<void> {
    try {
      const seen = await seeStream(jsm, this.options.stream);
      const { position } = this;
      const isSame = seen !== null && position !== null && seen.created === position.streamCreated;
      if (!isSame || seen.lastSeq < position.seq) messages.stop();
    } catch {
      // The bus is away: the heartbeats notice that.
    }
  }
}
