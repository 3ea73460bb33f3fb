/** What a follower knows of the last message it took: enough to recognise the same log again. */
export interface Position {
  /** When the stream was made, as the server writes it. */
  streamCreated: string;
  /** Sequence of that message in the stream; 0 when none was taken yet. */
  seq: number;
  /** When the stream took that message, epoch milliseconds; null when none was taken yet. */
  timeMs: number | null;
}

/** What the server says of the stream, and of the message at the known sequence (null: not there any more). */
export interface LogSight {
  streamCreated: string;
  lastSeq: number;
  timeMsAtSeq: number | null;
}

export type Continuity = 'same' | 'recreated' | 'lost_tail' | 'rewritten';

/** The client reads delivery times as floating point nanoseconds, so a millisecond may round either way. */
const CLOCK_GRAIN_MS = 1;

/**
 * Whether reading may go on behind the known message. A log that lost its tail and grew again has other messages
 * under the same sequences, so the sequence alone proves nothing; the message's time does. A known message that has
 * left the log counts as `rewritten`: what followed it may have left too.
 */
export function continuity(known: Position, sight: LogSight): Continuity {
  if (known.streamCreated !== sight.streamCreated) return 'recreated';
  if (sight.lastSeq < known.seq) return 'lost_tail';
  if (known.timeMs === null) return 'same';
  const isSameMessage =
    sight.timeMsAtSeq !== null && Math.abs(sight.timeMsAtSeq - known.timeMs) <= CLOCK_GRAIN_MS;
  return isSameMessage ? 'same' : 'rewritten';
}
