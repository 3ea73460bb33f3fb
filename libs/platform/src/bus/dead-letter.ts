import { subjects, type DeadLetter } from '@boocontrol/contracts';
import type { PublishAck } from './publish-wire.js';
import type { PipelinedPublisher } from './publisher.js';

export interface DeadLetterInput {
  /** The service that gives up; one subject token (a-z, 0-9, hyphen). */
  origin: string;
  /** Where the message was read. */
  subject: string;
  /** Its stream sequence; null for what never was on the log (a host's frame). */
  seq: number | null;
  /** `invalid_json`, `invalid_schema`, `processing_failed` …; one subject token. */
  code: string;
  reason: string;
  /** How often it was tried. */
  attempts: number;
  data: Uint8Array | string;
  /** When it was given up, in epoch milliseconds. */
  atMs: number;
}

const MAX_DATA_BYTES = 64 * 1024;

/** The letter as published: its data cut to 64 kB, never in the middle of a character. */
export function composeDeadLetter(input: DeadLetterInput): DeadLetter {
  const bytes = typeof input.data === 'string' ? new TextEncoder().encode(input.data) : input.data;
  const text = new TextDecoder().decode(bytes.subarray(0, MAX_DATA_BYTES), {
    stream: bytes.length > MAX_DATA_BYTES,
  });
  return {
    origin: input.origin,
    subject: input.subject,
    seq: input.seq,
    code: input.code,
    reason: input.reason.slice(0, 2_000),
    attempts: input.attempts,
    at: new Date(input.atMs).toISOString().replace('Z', '000Z'),
    data: text,
  };
}

/**
 * Publishes what could not be processed to DEAD and resolves when it is stored, however long the bus is away.
 * A message of the log is stored once for each origin (within the stream's duplicate window).
 * Rejects with PublishError when the signal fires or the letter can never be stored.
 */
export function deadLetter(
  publisher: PipelinedPublisher,
  input: DeadLetterInput,
  signal?: AbortSignal,
): Promise<PublishAck> {
  return publisher.publishReliably(
    subjects.dead(input.origin, input.code),
    JSON.stringify(composeDeadLetter(input)),
    {
      ...(input.seq === null ? {} : { msgId: `dead:${input.origin}:${input.subject}:${input.seq}` }),
      ...(signal === undefined ? {} : { signal }),
    },
  );
}
