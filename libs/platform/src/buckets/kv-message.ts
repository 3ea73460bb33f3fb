import type { JsMsg } from '@nats-io/jetstream';

/** Whether a message of a bucket's stream takes its key away: NATS ADR-8. */
export const isDeletion = (message: JsMsg): boolean =>
  ['DEL', 'PURGE'].includes(message.headers?.get('KV-Operation') ?? '');
