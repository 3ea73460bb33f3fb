import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';

const LOST: ReadonlySet<number> = new Set([
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
]);

/** Whether an error of the JetStream or KV client says that a compare-and-set lost: the key has moved on since it was read. */
export function isLostRace(error: unknown): boolean {
  return error instanceof JetStreamApiError && LOST.has(error.code);
}
