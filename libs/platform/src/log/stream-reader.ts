import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type ConsumerConfig,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { LogSight, Position } from './log-position.js';

/** A consumer that nobody pulls from goes away by itself. */
const INACTIVE_MS = 30_000;
const READ_BATCH = 500;
const READ_WAIT_MS = 5_000;

/** Where reading begins. */
export type Start =
  | { from: 'sequence'; seq: number }
  | { from: 'time'; atMs: number }
  | { from: 'last_per_subject' }
  | { from: 'all' };

function startConfig(start: Start): Partial<ConsumerConfig> {
  switch (start.from) {
    case 'sequence':
      return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: Math.max(1, start.seq) };
    case 'time':
      return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(start.atMs).toISOString() };
    case 'last_per_subject':
      return { deliver_policy: DeliverPolicy.LastPerSubject };
    case 'all':
      return { deliver_policy: DeliverPolicy.All };
  }
}

/** A consumer for one reader: no acknowledgements, kept in memory, gone soon after its reader. */
export async function readerConsumer(
  jsm: JetStreamManager,
  stream: string,
  subjects: readonly string[],
  start: Start,
): Promise<{ name: string; pending: number }> {
  const info = await jsm.consumers.add(stream, {
    ...startConfig(start),
    ack_policy: AckPolicy.None,
    filter_subjects: [...subjects],
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(INACTIVE_MS),
  });
  return { name: info.name, pending: info.num_pending };
}

/** Not waited for: with the bus away it would take its time, and a consumer without a reader goes by itself. */
export function forgetConsumer(jsm: JetStreamManager, stream: string, name: string): void {
  void jsm.consumers.delete(stream, name).catch(() => false);
}

/** Thrown when a stream stopped answering in the middle of a read; the read is to be done again. */
export class ReadInterruptedError extends Error {
  readonly code = 'read_interrupted';
  readonly isRetryable = true;
  constructor(stream: string, missing: number) {
    super(`${stream} stopped ${missing} messages before the end of a read`);
    this.name = 'ReadInterruptedError';
  }
}

/**
 * Hands over every message that is there now, in the order of the log.
 * @throws {ReadInterruptedError} when the stream stops answering before the end; the read is to be done again
 * @throws {JetStreamApiError} when the stream does not exist, or the bus cannot answer
 */
export async function readAll(
  jsm: JetStreamManager,
  stream: string,
  subjects: readonly string[],
  start: Start,
  take: (message: JsMsg) => void,
): Promise<void> {
  const { name, pending } = await readerConsumer(jsm, stream, subjects, start);
  try {
    const consumer = await jsm.jetstream().consumers.get(stream, name);
    for (let missing = pending; missing > 0;) {
      const before = missing;
      const batch = await consumer.fetch({
        max_messages: Math.min(READ_BATCH, missing),
        expires: READ_WAIT_MS,
      });
      for await (const message of batch) {
        missing--;
        take(message);
        // Messages may leave the stream (limits) while it is read: the server's own count is the true rest.
        if (message.info.pending === 0) {
          missing = 0;
          batch.stop();
        }
      }
      if (missing === before) throw new ReadInterruptedError(stream, missing);
    }
  } finally {
    forgetConsumer(jsm, stream, name);
  }
}

/** What tells one stream of a name from a later one of the same name. */
export interface StreamSight {
  /** When the stream was made, RFC 3339 as the server writes it. */
  created: string;
  lastSeq: number;
}

/**
 * The stream's creation and last sequence; null when the stream does not exist.
 * @throws {JetStreamApiError} when the bus cannot answer
 */
export async function seeStream(jsm: JetStreamManager, stream: string): Promise<StreamSight | null> {
  try {
    const { created, state } = await jsm.streams.info(stream);
    return { created, lastSeq: state.last_seq };
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return null;
    throw error;
  }
}

/** What the server has where a reader stopped at `known`: to be judged by `continuity`. */
export async function sightOf(
  jsm: JetStreamManager,
  stream: string,
  known: Position,
  { created, lastSeq }: StreamSight,
): Promise<LogSight> {
  const comparable = created === known.streamCreated && known.timeMs !== null && lastSeq >= known.seq;
  return {
    streamCreated: created,
    lastSeq,
    timeMsAtSeq: comparable ? await timeMsAt(jsm, stream, known.seq) : null,
  };
}

/** The position of a reader that has everything up to `seq`. */
export async function positionAt(
  jsm: JetStreamManager,
  stream: string,
  streamCreated: string,
  seq: number,
): Promise<Position> {
  return { streamCreated, seq, timeMs: seq > 0 ? await timeMsAt(jsm, stream, seq) : null };
}

async function timeMsAt(jsm: JetStreamManager, stream: string, seq: number): Promise<number | null> {
  const message = await jsm.streams.getMessage(stream, { seq });
  return message === null ? null : Date.parse(message.timestamp);
}
