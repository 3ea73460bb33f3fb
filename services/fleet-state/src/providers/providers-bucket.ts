import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm, KvWatchInclude } from '@nats-io/kv';
import { BUCKET, bucketSubjects } from '@boocontrol/contracts';
import { isLostRace } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import type { BucketPosition } from './bucket-position.js';

export interface BucketSnapshot extends BucketPosition {
  /** Every key that was ever written and not purged from history; null: it was deleted. */
  entries: ReadonlyMap<string, Uint8Array | null>;
}

const STREAM = `KV_${BUCKET.providers}`;
const PREFIX = bucketSubjects.of(BUCKET.providers, '');

/** Thrown: JetStreamApiError when the bucket is not there; timeouts. */
export async function bucketPosition(nc: NatsConnection): Promise<BucketPosition> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { created, state } = await jsm.streams.info(STREAM);
  return { created: String(created), revision: state.last_seq };
}

/** The whole bucket at one moment: read again when it changed meanwhile. Thrown: as bucketPosition. */
export async function bucketSnapshot(nc: NatsConnection): Promise<BucketSnapshot> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const kv = await new Kvm(nc).open(BUCKET.providers);
  for (;;) {
    const info = await jsm.streams.info(STREAM, { subjects_filter: `${PREFIX}>` });
    const entries = new Map<string, Uint8Array | null>();
    for (const subject of Object.keys(info.state.subjects ?? {})) {
      const key = subject.slice(PREFIX.length);
      const entry = await kv.get(key);
      if (entry !== null) entries.set(key, entry.operation === 'PUT' ? entry.value : null);
    }
    const after = await bucketPosition(nc);
    if (after.created === String(info.created) && after.revision === info.state.last_seq) {
      return { ...after, entries };
    }
  }
}

/** Writes a key that was never written before; false when somebody was faster (theirs stays). */
export async function putNew(nc: NatsConnection, key: string, value: string): Promise<boolean> {
  const kv = await new Kvm(nc).open(BUCKET.providers);
  try {
    await kv.put(key, value, { previousSeq: 0 });
    return true;
  } catch (error) {
    if (isLostRace(error)) return false;
    throw error;
  }
}

/** Calls `onChange` after each write until the signal fires or the bucket goes away. */
export async function watchBucket(
  nc: NatsConnection,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  const kv = await new Kvm(nc).open(BUCKET.providers);
  const changes = await kv.watch({ include: KvWatchInclude.UpdatesOnly, headers_only: true });
  const stop = (): void => changes.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    for await (const _change of changes) onChange();
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
