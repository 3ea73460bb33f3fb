import { setMaxListeners } from 'node:events';
import {
  jetstreamManager,
  JetStreamApiCodes,
  JetStreamApiError,
  type ConsumerMessages,
  type JsMsg,
} from '@nats-io/jetstream';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { backoffDelayMs, pause } from '../backoff.js';
import type { Log } from '../logs/logger.js';
import { parseBusMessage, type SchemaFor } from './bus-message.js';
import { deadLetter } from './dead-letter.js';
import { openDurable } from './durable.js';
import type { PipelinedPublisher } from './publisher.js';
import { API } from './streams.js';

/** One piece of queued work. */
export interface Work<T> {
  subject: string;
  /** Sequence in the stream; names this piece of work for as long as the stream lives. */
  seq: number;
  value: T;
  /** It was handed to a worker before, here or elsewhere: what that one did is not known. */
  isRedelivered: boolean;
  /** Fires when the service goes down: finish soon, or throw and have it redelivered. */
  signal: AbortSignal;
}

export interface WorkQueueOptions<T> {
  nc: NatsConnection;
  /** For dead letters. */
  publisher: PipelinedPublisher;
  log: Log;
  /** The service, named in dead letters; one subject token. */
  origin: string;
  /** A stream with retention `workqueue`. */
  stream: string;
  /** Pattern of its subjects (`boo.queue.*`): each subject that matches is a queue of its own, worked one at a time. */
  subject: string;
  /** Prefix of the durable consumers' names, one for each subject; replicas with the same prefix share the work. */
  durable: string;
  schemaFor: SchemaFor<T>;
  /**
   * Works on one piece; it leaves the queue when this resolves. What throws is tried again, after `maxAttempts` it goes to
   * DEAD. Being alone is not promised: a worker that stalls for longer than `ackWaitMs` goes on while another one begins,
   * so a compare-and-set `queued → started` in the database comes before the first effect.
   */
  handle: (work: Work<T>) => Promise<void>;
  /** True for an error that goes away by itself: it is tried for as long as it takes. */
  isTransient?: (error: unknown) => boolean;
  onMissingStream?: () => Promise<void>;
  /** Deliveries of one piece of work before a failure is final. Default 5. */
  maxAttempts?: number;
  /** A worker that died is followed by another one after this time, in milliseconds. Default 15000, at least 1000. */
  ackWaitMs?: number;
}

export interface WorkQueueState {
  status: 'up' | 'down';
  detail?: string;
}

/** What was published while nobody listened is found by looking, in milliseconds between two looks. */
const LOOK_EVERY_MS = 5_000;
const RETRY = { baseMs: 200, maxMs: 10_000 };

/**
 * Queued work, in order and one at a time for each subject over all replicas (`max_ack_pending` 1 on the server), any
 * number of subjects side by side. Survives restarts of the bus and deletion of its stream.
 */
export class WorkQueueConsumer<T> {
  private readonly stopping = new AbortController();
  private readonly workers = new Map<string, Promise<void>>();
  private readonly sessions = new Set<ConsumerMessages>();
  private readonly problems = new Map<string, string>();
  private announcements: Subscription | undefined;
  private looking: Promise<void> | undefined;
  private underWay = 0;

  constructor(private readonly options: WorkQueueOptions<T>) {
    // The workers of all subjects wait on it, and what they work on.
    setMaxListeners(Infinity, this.stopping.signal);
  }

  start(): void {
    const { nc, subject } = this.options;
    // A message of the stream is also an ordinary message: whoever listens hears of a new subject at once.
    this.announcements = nc.subscribe(subject, {
      callback: (error, msg) => {
        if (error === null) this.open(msg.subject);
      },
    });
    this.looking ??= this.look();
  }

  /** Takes nothing more; resolves when what is in hand has been finished or given back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (this.announcements?.isClosed() === false) this.announcements.unsubscribe();
    for (const messages of this.sessions) messages.stop();
    await Promise.all([this.looking, ...this.workers.values()]);
  }

  /** For the health registry. */
  health(): WorkQueueState {
    const [problem] = this.problems.values();
    if (problem !== undefined) return { status: 'down', detail: problem };
    return { status: 'up', detail: `${this.underWay} under way` };
  }

  private async look(): Promise<void> {
    const { nc, stream, subject, log, onMissingStream } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const jsm = await jetstreamManager(nc, API);
        const { state } = await jsm.streams.info(stream, { subjects_filter: subject });
        for (const waiting of Object.keys(state.subjects ?? {})) this.open(waiting);
        this.problems.delete(stream);
      } catch (error) {
        this.problems.set(stream, reasonOf(error));
        log.warn({ err: error, stream }, 'the work queue cannot be looked at, trying again');
        if (isMissingStream(error)) await this.repair(onMissingStream);
      }
      await pause(LOOK_EVERY_MS, signal);
    }
  }

  private async repair(onMissingStream: (() => Promise<void>) | undefined): Promise<void> {
    try {
      await onMissingStream?.();
    } catch (error) {
      this.options.log.error({ err: error, stream: this.options.stream }, 'could not create the streams');
    }
  }

  private open(subject: string): void {
    if (this.stopping.signal.aborted || this.workers.has(subject)) return;
    this.workers.set(subject, this.work(subject));
  }

  /** The worker of one subject, from its first message until the service stops. */
  private async work(subject: string): Promise<void> {
    const { log } = this.options;
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await this.session(subject, () => (failures = 0));
      } catch (error) {
        this.problems.set(subject, reasonOf(error));
        log.warn({ err: error, subject }, 'work interrupted, opening the queue again');
        if (isMissingStream(error)) await this.repair(this.options.onMissingStream);
      }
      await pause(backoffDelayMs(failures, { baseMs: 100, maxMs: 3_000 }, Math.random()), signal);
    }
    this.problems.delete(subject);
  }

  /** One life of the server-side consumer. Throws when it is gone. */
  private async session(subject: string, onMessage: () => void): Promise<void> {
    const { nc, stream, durable, ackWaitMs = 15_000 } = this.options;
    const consumer = await openDurable(nc, {
      stream,
      durable: `${durable}-${subject.replaceAll('.', '_')}`,
      filterSubjects: [subject],
      ackWaitMs,
      maxAckPending: 1,
    });
    const messages = await consumer.consume({
      max_messages: 1,
      expires: 10_000,
      idle_heartbeat: 2_000,
      abort_on_missing_resource: true,
    });
    let isOver = false;
    const closed = messages.closed().then((error) => {
      isOver = true;
      return error;
    });
    this.sessions.add(messages);
    if (this.stopping.signal.aborted) messages.stop();
    this.problems.delete(subject);
    try {
      for await (const msg of messages) {
        onMessage();
        // After the session's end nothing is acknowledged: a stream made anew counts from 1 again.
        await this.handle(msg, ackWaitMs, () => isOver && !this.stopping.signal.aborted);
        if (this.stopping.signal.aborted) break;
      }
    } finally {
      this.sessions.delete(messages);
      await messages.close();
    }
    const error = await closed;
    if (error instanceof Error && !this.stopping.signal.aborted) throw error;
  }

  private async handle(msg: JsMsg, ackWaitMs: number, isLost: () => boolean): Promise<void> {
    const { handle, schemaFor, log, isTransient } = this.options;
    const parsed = parseBusMessage(msg, schemaFor);
    if (!parsed.ok) return this.giveUp(msg, parsed.code, parsed.reason, 1, isLost);
    const { value, seq, deliveryCount } = parsed.message;
    const extending = setInterval(() => {
      if (!isLost()) msg.working();
    }, ackWaitMs / 4);
    this.underWay++;
    try {
      await handle({
        subject: msg.subject,
        seq,
        value,
        isRedelivered: deliveryCount > 1,
        signal: this.stopping.signal,
      });
      if (!isLost()) msg.ack();
    } catch (error) {
      clearInterval(extending);
      log.warn({ err: error, subject: msg.subject, seq, deliveryCount }, 'queued work failed');
      await this.retryOrGiveUp(msg, error, deliveryCount, isTransient?.(error) === true, isLost);
    } finally {
      clearInterval(extending);
      this.underWay--;
    }
  }

  private async retryOrGiveUp(
    msg: JsMsg,
    error: unknown,
    attempts: number,
    isTransient: boolean,
    isLost: () => boolean,
  ): Promise<void> {
    const isStopping = this.stopping.signal.aborted;
    if (!isStopping && !isTransient && attempts >= (this.options.maxAttempts ?? 5))
      return this.giveUp(msg, 'processing_failed', reasonOf(error), attempts, isLost);
    if (isLost()) return;
    msg.nak(isStopping ? 0 : backoffDelayMs(attempts - 1, RETRY, Math.random()));
  }

  private async giveUp(
    msg: JsMsg,
    code: string,
    reason: string,
    attempts: number,
    isLost: () => boolean,
  ): Promise<void> {
    const { publisher, origin, log } = this.options;
    const { subject, seq, data } = msg;
    log.error({ subject, seq, code, reason }, 'queued work given up to DEAD');
    const letter = { origin, subject, seq, data, code, reason, attempts, atMs: Date.now() };
    await deadLetter(publisher, letter, this.stopping.signal);
    if (!isLost()) msg.term(code);
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isMissingStream = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
