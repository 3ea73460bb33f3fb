import { EventEmitter } from 'node:events';
import type { NatsConnection } from '@nats-io/transport-node';

const emitters = new WeakMap<NatsConnection, EventEmitter>();

async function emitReconnects(nc: NatsConnection, emitter: EventEmitter): Promise<void> {
  for await (const { type } of nc.status()) if (type === 'reconnect') emitter.emit('reconnect');
}

/**
 * Calls the listener each time the connection is back. One status iterator for all listeners of a connection: the
 * client has no way to end one before the connection ends. Returns what removes the listener.
 */
export function onReconnect(nc: NatsConnection, listener: () => void): () => void {
  let emitter = emitters.get(nc);
  if (emitter === undefined) {
    emitter = new EventEmitter().setMaxListeners(0);
    emitters.set(nc, emitter);
    void emitReconnects(nc, emitter);
  }
  const listening = emitter.on('reconnect', listener);
  return () => void listening.off('reconnect', listener);
}
