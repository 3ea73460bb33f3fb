import {
  jetstreamManager,
  JetStreamApiCodes,
  JetStreamApiError,
  type ConsumerInfo,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Log } from '../logs/logger.js';
import { continuity, type Position } from '../log/log-position.js';
import { sightOf } from '../log/stream-reader.js';
import type { PositionStore, StoredPosition } from './position-store.js';
import { API } from './streams.js';

export interface Alignment {
  stream: string;
  durable: string;
  position: PositionStore;
  log: Log;
}

/**
 * Holds the durable consumer against what the database holds, and removes it where it has got further. Resolves to the
 * sequence at which a consumer that has to be made begins.
 * @throws {JetStreamApiError} code 10059 when the stream is missing
 * @throws what the database answers
 */
export async function alignDurable(nc: NatsConnection, alignment: Alignment): Promise<number> {
  const { stream, durable, position, log } = alignment;
  const jsm = await jetstreamManager(nc, API);
  // In this order: what other replicas write meanwhile must not look as if the stream had lost it.
  const stored = await position.stored();
  const consumer = await consumerInfo(jsm, stream, durable);
  const info = await jsm.streams.info(stream);
  const { last_seq: lastSeq, first_ts: firstTs, messages } = info.state;
  // A stream that never had a message says 0; its first one will be 1, and nothing lies between.
  const firstSeq = Math.max(1, info.state.first_seq);
  const created = String(info.created);
  const hasOtherTail = stored?.created === created && !(await isContinued(jsm, stream, stored, info));
  const begin = await position.open(
    { created, firstSeq, firstAt: messages === 0 ? null : firstTs },
    hasOtherTail,
  );
  if (consumer === null) return begin;
  const missing = await firstMissing(jsm, alignment, Math.min(consumer.ack_floor.stream_seq, lastSeq));
  const isAhead = consumer.delivered.stream_seq > lastSeq;
  if (missing === null && !isAhead) return begin;
  const from = missing ?? begin;
  log.warn(
    { consumer: durable, from, ackFloor: consumer.ack_floor.stream_seq },
    'the consumer is further than the database: it begins again where the database stands',
  );
  await position.rewound(from);
  await jsm.consumers.delete(stream, durable).catch(ignoreMissing);
  return from;
}

/** Whether the log still has in its place what the database holds of it. */
async function isContinued(
  jsm: JetStreamManager,
  stream: string,
  { created, lastSeq, newest }: StoredPosition,
  info: StreamInfo,
): Promise<boolean> {
  const seen = { created: String(info.created), lastSeq: info.state.last_seq };
  // Held messages that have left the log at its beginning cannot be compared, and need not be: nothing before them is there.
  const isComparable = newest !== null && newest.seq >= info.state.first_seq;
  const known: Position = {
    streamCreated: created,
    seq: isComparable ? newest.seq : lastSeq,
    timeMs: isComparable ? newest.timeMs : null,
  };
  return lastSeq <= seen.lastSeq && continuity(known, await sightOf(jsm, stream, known, seen)) === 'same';
}

/** The first message up to `upTo` that the database lacks. What is missing on the stream too will not come. */
async function firstMissing(
  jsm: JetStreamManager,
  { stream, position }: Alignment,
  upTo: number,
): Promise<number | null> {
  for (;;) {
    const hole = await position.firstHole(upTo);
    if (hole === null) return null;
    // From the leader: a replica that lags would say that it is not there.
    const query: { seq: number; next_by_subj: string } = { seq: hole.from, next_by_subj: '>' };
    const next = await jsm.streams.getMessage(stream, query);
    const to = Math.min(hole.to, (next?.seq ?? Infinity) - 1);
    if (to >= hole.from) {
      const before = hole.from === 1 ? null : await jsm.streams.getMessage(stream, { seq: hole.from - 1 });
      const times = { before: before?.timestamp ?? null, after: next?.timestamp ?? null };
      await position.lost({ from: hole.from, to }, times);
    }
    if (next !== null && next.seq <= hole.to) return next.seq;
  }
}

async function consumerInfo(
  jsm: JetStreamManager,
  stream: string,
  durable: string,
): Promise<ConsumerInfo | null> {
  try {
    return await jsm.consumers.info(stream, durable);
  } catch (error) {
    ignoreMissing(error);
    return null;
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof JetStreamApiError) || error.code !== JetStreamApiCodes.ConsumerNotFound) throw error;
}
