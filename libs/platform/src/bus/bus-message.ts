import type { JsMsg } from '@nats-io/jetstream';
import type { z } from 'zod';
import { decodeJson, type Decoded } from './decode.js';

/** A message of a stream after its body passed the schema of its subject. */
export interface BusMessage<T> {
  subject: string;
  /** Sequence in the stream. */
  seq: number;
  /** When the stream took it, epoch milliseconds. */
  timeMs: number;
  /** 1 for the first delivery. */
  deliveryCount: number;
  value: T;
}

/** The schema of a subject's messages; null for a subject that this consumer does not know. */
export type SchemaFor<T> = (subject: string) => z.ZodType<T> | null;

/**
 * The same, each schema made once: making one costs ten times what parsing a message with it does. It keeps one for every
 * subject that is known, so it is for subjects that the registry bounds.
 */
export function onePerSubject<T>(make: SchemaFor<T>): SchemaFor<T> {
  const made = new Map<string, z.ZodType<T>>();
  return (subject) => {
    const known = made.get(subject);
    if (known !== undefined) return known;
    const schema = make(subject);
    if (schema !== null) made.set(subject, schema);
    return schema;
  };
}

export type Parsed<T> =
  | { ok: true; message: BusMessage<T> }
  | { ok: false; code: 'unknown_subject'; reason: string }
  | Extract<Decoded<T>, { ok: false }>;

/** Parses one message at the border. What does not fit is a value with its reason, never an exception. */
export function parseBusMessage<T>(msg: JsMsg, schemaFor: SchemaFor<T>): Parsed<T> {
  const schema = schemaFor(msg.subject);
  if (schema === null) return { ok: false, code: 'unknown_subject', reason: `No schema for ${msg.subject}` };
  const decoded = decodeJson(msg.data, schema);
  if (!decoded.ok) return decoded;
  const { streamSequence, timestampNanos, deliveryCount } = msg.info;
  const timeMs = Math.floor(timestampNanos / 1e6);
  return {
    ok: true,
    message: { subject: msg.subject, seq: streamSequence, timeMs, deliveryCount, value: decoded.value },
  };
}
