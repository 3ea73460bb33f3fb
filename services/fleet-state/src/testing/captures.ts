import { subjects, type Capture } from '@boocontrol/contracts';
import type { BusMessage } from '@boocontrol/platform';
import { capture, NOON_MS } from './facts.js';

interface Chat {
  entryId: number;
  ts: string;
  asked: string;
  answered: string;
}

/** The capture of a chat whose answer came as a stream. */
export function stored({ entryId, ts, asked, answered }: Chat): Capture {
  const body = (data: string): NonNullable<Capture['reqBody']> => ({
    encoding: 'utf8',
    data,
    bytes: Buffer.byteLength(data),
    cut: false,
  });
  const chunks = answered
    .split(/(?<= )/)
    .map((content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`);
  return capture({
    entryId,
    ts,
    reqBody: body(JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: asked }] })),
    respHeaders: { 'Content-Type': 'text/event-stream' },
    respBody: body(`${chunks.join('')}data: [DONE]\n\n`),
  });
}

/** As they come from their queue. */
export const captureMessages = (captures: readonly Capture[]): BusMessage<Capture>[] =>
  captures.map((value, index) => ({
    subject: subjects.capture(value.providerId),
    seq: index + 1,
    timeMs: NOON_MS,
    deliveryCount: 1,
    value,
  }));
