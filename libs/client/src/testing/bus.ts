import type { TestNats } from '@boocontrol/testing';
import { jetstream, StorageType } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';

/** A connection that outlives restarts of the server. */
export function testConnection({ connection }: TestNats): Promise<NatsConnection> {
  return connect({ ...connection, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
}

export async function makeBucket(
  nc: NatsConnection,
  { name, ttlMs, storage }: { name: string; ttlMs: number; storage: 'file' | 'memory' },
): Promise<void> {
  const js = jetstream(nc, { timeout: 1_000 });
  await new Kvm(js).create(name, {
    ttl: ttlMs,
    storage: storage === 'memory' ? StorageType.Memory : StorageType.File,
  });
}
