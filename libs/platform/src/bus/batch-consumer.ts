import { JetStreamApiCodes, JetStreamApiError, type Consumer, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { backoffDelayMs, pause } from '../backoff.js';
import type { Log } from '../logs/logger.js';
import { onReconnect } from '../log/reconnects.js';
import { counter, gauge } from '../metrics/metrics.js';
import { alignDurable } from './align-durable.js';
import { parseBusMessage, type BusMessage, type SchemaFor } from './bus-message.js';
import { deadLetter } from './dead-letter.js';
import { DeliverySession } from './delivery-session.js';
import { openDurable } from './durable.js';
import { processBatch, type Failure, type Outcome } from './process-batch.js';
import { DatabaseBehindError, type PositionStore } from './position-store.js';
import type { PipelinedPublisher } from './publisher.js';

export interface BatchConsumerOptions<T> {
  nc: NatsConnection;
  /** For dead letters. */
  publisher: PipelinedPublisher;
  log: Log;
  /** The service, named in dead letters; one subject token. */
  origin: string;
  stream: string;
  /** Name of the durable consumer; replicas with the same name share the messages. */
  durable: string;
  /** Empty or absent: every subject of the stream. */
  filterSubjects?: readonly string[];
  schemaFor: SchemaFor<T>;
  /**
   * Gets a batch, in stream order, and resolves after its commit; only then is it acknowledged. Must be idempotent:
   * the same message may come again. It may return messages that it refused (they go to DEAD).
   */
  handle: (batch: readonly BusMessage<T>[]) => Promise<void | Outcome<BusMessage<T>>>;
  /** True for an error that will go away by itself: the same batch is tried until it passes. `error.isRetryable` counts anyway. */
  isTransient?: (error: unknown) => boolean;
  /** Called when the stream is missing, before the next attempt: create the streams here. */
  onMissingStream?: () => Promise<void>;
  /** Messages a batch at most. Default 1000. */
  batchSize?: number;
  /**
   * How long a batch that is not full waits for more messages, in milliseconds. Default 0. For consumers that few wait for:
   * one statement for many messages costs a fraction of one for each.
   */
  gatherMs?: number;
  /**
   * Batches in hand at once, default 1: with 2 the next is parsed while the database writes the last. More than 1 only
   * for a handler to which the order of batches is all the same, as it is among replicas.
   */
  parallelBatches?: number;
  /** How often one message may fail before it goes to DEAD. Default 5. */
  maxAttempts?: number;
  /**
   * After a crash of this process or the bus, messages that were under way come again after this time, in milliseconds.
   * It bounds no batch: what is in hand is extended. Default 15000, at least 1000.
   */
  ackWaitMs?: number;
  /**
   * What the handler's database says that it holds; the handler writes it with each batch. With it the consumer goes back
   * by itself when the database was put back to an older copy. Absent: the server's consumer alone knows.
   */
  position?: PositionStore;
}

export interface ConsumerState {
  status: 'up' | 'down';
  detail?: string;
}

const processedTotal = counter('boo_consumer_processed_total', 'Messages committed and acknowledged', [
  'consumer',
]);
const deadTotal = counter('boo_consumer_dead_total', 'Messages given up to DEAD', ['consumer', 'code']);
const retriesTotal = counter('boo_consumer_retries_total', 'Batches tried again', ['consumer']);
const lagGauge = gauge('boo_consumer_lag', 'Messages of the stream not acknowledged yet', ['consumer']);

const isRetryable = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'isRetryable' in error && error.isRetryable === true;

/**
 * A durable consumer that hands over batches: whatever has arrived while the last batch was written, up to `batchSize`.
 * At least once: acknowledged after the handler's commit. It survives restarts of the bus and deletion of its stream.
 */
export class BatchConsumer<T> {
  private readonly batchSize: number;
  private readonly parallelBatches: number;
  private readonly ackWaitMs: number;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private state: ConsumerState = { status: 'down', detail: 'not started' };
  private processed = 0;
  private dead = 0;
  private undelivered = 0;
  private open: ReadonlySet<JsMsg> = new Set();

  constructor(private readonly options: BatchConsumerOptions<T>) {
    this.batchSize = options.batchSize ?? 1_000;
    this.parallelBatches = options.parallelBatches ?? 1;
    this.ackWaitMs = options.ackWaitMs ?? 15_000;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Finishes the current batch, returns the rest to the stream and resolves. A batch that waits for its database is returned too. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** For the health registry. */
  health(): ConsumerState {
    return this.state;
  }

  /** lag: messages in the stream that this consumer has not dealt with, as far as the server has told. */
  stats(): { processed: number; dead: number; lag: number } {
    return { processed: this.processed, dead: this.dead, lag: this.undelivered + this.open.size };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures++) {
      const startedMs = performance.now();
      try {
        await this.consume();
      } catch (error) {
        if (performance.now() - startedMs > 10_000) failures = 0;
        const detail = error instanceof Error ? error.message : String(error);
        this.state = { status: 'down', detail };
        this.options.log.warn(
          { err: error, consumer: this.options.durable },
          'consumer interrupted, opening it again',
        );
        if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)
          await this.repair();
        await pause(backoffDelayMs(failures, { baseMs: 100, maxMs: 3_000 }, Math.random()), signal);
      }
    }
    this.state = { status: 'down', detail: 'stopped' };
  }

  private async repair(): Promise<void> {
    try {
      await this.options.onMissingStream?.();
    } catch (error) {
      this.options.log.error({ err: error, stream: this.options.stream }, 'could not create the streams');
    }
  }

  /** One life of the server-side consumer: ends by stop(), throws when the consumer is gone. */
  private async consume(): Promise<void> {
    const { nc, position } = this.options;
    const session = new DeliverySession();
    // It may be back with another log, of which nothing is written before it was held against the position.
    const compareAgain = (): void =>
      session.fail(new Error('the bus was away, its log is compared with what the database holds'));
    const forget = position === undefined ? undefined : onReconnect(nc, compareAgain);
    try {
      await this.deliver(session);
    } finally {
      forget?.();
    }
  }

  private async deliver(session: DeliverySession): Promise<void> {
    const { nc, stream, durable, position, log } = this.options;
    const startSeq =
      position === undefined ? undefined : await alignDurable(nc, { stream, durable, position, log });
    const consumer = await openDurable(nc, {
      stream,
      durable,
      filterSubjects: this.options.filterSubjects ?? [],
      ackWaitMs: this.ackWaitMs,
      maxAckPending: this.batchSize * (this.parallelBatches + 1),
      ...(startSeq === undefined ? {} : { startSeq }),
    });
    this.open = session.open;
    this.undelivered = (await consumer.info(true)).num_pending;
    const messages = await consumer.consume({
      max_messages: this.batchSize * this.parallelBatches,
      expires: 10_000,
      idle_heartbeat: 2_000,
      abort_on_missing_resource: true,
      callback: (msg) => {
        session.push(msg);
        this.undelivered = msg.info.pending;
      },
    });
    void messages.closed().then((error) => {
      if (!this.stopping.signal.aborted)
        session.end(error instanceof Error ? error : new Error('consumer closed'));
    });
    const wake = (): void => session.wake();
    this.stopping.signal.addEventListener('abort', wake, { once: true });
    const extending = setInterval(() => void this.extend(session, consumer), this.ackWaitMs / 4);
    this.state = { status: 'up' };
    try {
      await Promise.all(Array.from({ length: this.parallelBatches }, () => this.work(session)));
    } finally {
      clearInterval(extending);
      this.stopping.signal.removeEventListener('abort', wake);
      await messages.close();
      session.returnAll();
    }
    const cause = session.endedBy ?? session.failedBy;
    if (cause !== undefined && !this.stopping.signal.aborted) throw cause;
  }

  /** Batch after batch until the session is over; an error here ends it for the other workers too. */
  private async work(session: DeliverySession): Promise<void> {
    try {
      while (!this.stopping.signal.aborted && !session.isOver) {
        const batch = await session.next(this.batchSize, this.options.gatherMs ?? 0);
        if (batch.length > 0) await this.process(batch, session);
      }
    } catch (error) {
      session.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** What we hold must not be delivered elsewhere while we wait for the database. */
  private async extend(session: DeliverySession, consumer: Consumer): Promise<void> {
    session.extend();
    try {
      const info = await consumer.info();
      this.undelivered = info.num_pending;
      lagGauge.set({ consumer: this.options.durable }, this.stats().lag);
      // In this order: what is acknowledged was committed before, so a hole below means that the database was put back.
      const hole = await this.options.position?.firstHole(info.ack_floor.stream_seq);
      if (hole !== undefined && hole !== null) session.end(new DatabaseBehindError(hole));
    } catch {
      // A lost bus, consumer or database is noticed where it matters; the next turn looks again.
    }
  }

  private async process(batch: readonly JsMsg[], session: DeliverySession): Promise<void> {
    const originals = new Map<BusMessage<T>, JsMsg>();
    for (const msg of batch) {
      const parsed = parseBusMessage(msg, this.options.schemaFor);
      if (parsed.ok) originals.set(parsed.message, msg);
      else await this.giveUp(msg, { code: parsed.code, reason: parsed.reason, attempts: 1 }, session);
    }
    if (originals.size === 0) return;
    const { handle, log, durable, isTransient, maxAttempts = 5 } = this.options;
    await processBatch([...originals.keys()], {
      handle,
      isTransient: (error) => isRetryable(error) || isTransient?.(error) === true,
      maxAttempts,
      random: Math.random,
      isStopped: () => this.stopping.signal.aborted || session.isOver,
      pause: (ms) => pause(ms, this.stopping.signal),
      done: (messages) => {
        for (const message of messages) session.ack(originals.get(message));
        this.processed += messages.length;
        processedTotal.inc({ consumer: durable }, messages.length);
      },
      giveUp: (message, failure) => this.giveUp(originals.get(message), failure, session),
      onRetry: (error, isWaiting) => {
        retriesTotal.inc({ consumer: durable });
        if (isWaiting)
          this.state = { status: 'down', detail: error instanceof Error ? error.message : String(error) };
        log.warn({ err: error, consumer: durable, isTransient: isWaiting }, 'batch failed, trying again');
      },
    });
    this.state = { status: 'up' };
  }

  private async giveUp(msg: JsMsg | undefined, failure: Failure, session: DeliverySession): Promise<void> {
    if (msg === undefined) return;
    const { publisher, origin, durable, log } = this.options;
    const letter = {
      ...failure,
      origin,
      subject: msg.subject,
      seq: msg.seq,
      data: msg.data,
      atMs: Date.now(),
    };
    await deadLetter(publisher, letter, this.stopping.signal);
    await this.options.position?.settle({ seq: msg.seq, timeMs: Math.floor(msg.info.timestampNanos / 1e6) });
    session.term(msg, failure.code);
    this.dead++;
    deadTotal.inc({ consumer: durable, code: failure.code });
    log.error({ subject: msg.subject, seq: msg.seq, ...failure }, 'message given up to DEAD');
  }
}
