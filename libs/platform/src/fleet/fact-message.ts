import { FactSchemas, parseFactSubject, type Fact } from '@boocontrol/contracts';
import type { JsMsg } from '@nats-io/jetstream';
import type { z } from 'zod';
import { decodeJson } from '../bus/decode.js';

/** A message of the FLEET stream as a fact; `reason` says why it is none. */
export function toFact(
  message: Pick<JsMsg, 'subject' | 'data' | 'seq'>,
): { ok: true; fact: Fact } | { ok: false; reason: string } {
  const subject = parseFactSubject(message.subject);
  if (subject === null) return { ok: false, reason: 'no subject of a fact' };
  const schema: z.ZodType<Fact['body']> = FactSchemas[subject.kind];
  const body = decodeJson(message.data, schema);
  if (!body.ok) return body;
  if (body.value.providerId !== subject.providerId)
    return { ok: false, reason: 'providerId is not that of the subject' };
  return { ok: true, fact: { kind: subject.kind, seq: message.seq, body: body.value } as Fact };
}
