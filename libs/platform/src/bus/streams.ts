import {
  DiscardPolicy,
  jetstream,
  jetstreamManager,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { bucketStream } from '@boocontrol/contracts';
import { Kvm } from '@nats-io/kv';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { backoffDelayMs, pause } from '../backoff.js';
import { isRetryableJsCode } from './publish-error.js';

/** The part of a stream's definition that the server needs; STREAMS of the contracts fit. */
export interface StreamSpec {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly storage: 'file' | 'memory';
  readonly retention: 'limits' | 'workqueue';
  /** Milliseconds; 0 or absent: no limit. */
  readonly maxAgeMs?: number;
  readonly maxBytes?: number;
  readonly maxMsgsPerSubject?: number;
  /** What gives way when a limit is reached; default `old`. */
  readonly discard?: 'old' | 'new';
  /** With `discard: 'new'`: refuse also when one subject is full, not only the stream. */
  readonly discardNewPerSubject?: boolean;
  readonly duplicateWindowMs: number;
}

/** The part of a bucket's definition that the server needs; BUCKETS of the contracts fit. */
export interface BucketSpec {
  readonly name: string;
  readonly history?: number;
  /** Milliseconds; 0 or absent: keys stay. */
  readonly ttlMs?: number;
  readonly storage?: 'file' | 'memory';
}

/** Thrown when a stream exists in a form that cannot be changed into the wanted one. */
export class StreamConfigError extends Error {
  readonly code = 'incompatible_stream';
  readonly isRetryable = false;
  constructor(
    readonly stream: string,
    cause: JetStreamApiError,
  ) {
    super(
      `Stream ${stream} exists and cannot be changed into what this version needs: ${cause.message}. ` +
        `Keep its data elsewhere and delete the stream, or run the version that made it.`,
      { cause },
    );
    this.name = 'StreamConfigError';
  }
}

/** nats-server errors.json: "stream name already in use with a different configuration". */
const STREAM_NAME_IN_USE = 10058;
const ATTEMPTS = 20;
/** A request sent while the connection is down is lost, so the next attempt should not wait long for it. */
export const API = { checkAPI: false, timeout: 2_000 };

function toConfig(spec: StreamSpec): Partial<StreamConfig> & { name: string } {
  return {
    name: spec.name,
    subjects: [...spec.subjects],
    storage: spec.storage === 'file' ? StorageType.File : StorageType.Memory,
    retention: spec.retention === 'limits' ? RetentionPolicy.Limits : RetentionPolicy.Workqueue,
    max_age: nanos(spec.maxAgeMs ?? 0),
    max_bytes: spec.maxBytes ?? -1,
    max_msgs_per_subject: spec.maxMsgsPerSubject ?? -1,
    discard: spec.discard === 'new' ? DiscardPolicy.New : DiscardPolicy.Old,
    discard_new_per_subject: spec.discardNewPerSubject ?? false,
    duplicate_window: nanos(spec.duplicateWindowMs),
    allow_direct: true,
  };
}

/** A refusal by the JetStream API is final; a timeout or "no responders" means that it is not up yet. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const isFinal =
        error instanceof StreamConfigError ||
        (error instanceof JetStreamApiError && !isRetryableJsCode(error.code));
      if (isFinal || attempt + 1 >= ATTEMPTS) throw error;
      await pause(backoffDelayMs(attempt, { baseMs: 100, maxMs: 2_000 }, Math.random()));
    }
  }
}

async function ensureStream(jsm: JetStreamManager, spec: StreamSpec): Promise<void> {
  const config = toConfig(spec);
  try {
    // Creating a stream that exists with this very configuration succeeds, also for several callers at once.
    await jsm.streams.add(config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NAME_IN_USE) throw error;
    try {
      await jsm.streams.update(spec.name, config);
    } catch (refusal) {
      if (refusal instanceof JetStreamApiError && !isRetryableJsCode(refusal.code))
        throw new StreamConfigError(spec.name, refusal);
      throw refusal;
    }
  }
}

/**
 * Creates the streams that are missing and updates those that differ; safe to run in several services at once.
 * Thrown: StreamConfigError; what the server refuses; what still fails after about half a minute.
 */
export async function ensureStreams(nc: NatsConnection, specs: readonly StreamSpec[]): Promise<void> {
  const jsm = await jetstreamManager(nc, API);
  for (const spec of specs) await untilAnswered(() => ensureStream(jsm, spec));
}

async function ensureBucket(nc: NatsConnection, jsm: JetStreamManager, spec: BucketSpec): Promise<void> {
  const wanted = { max_age: nanos(spec.ttlMs ?? 0), max_msgs_per_subject: spec.history ?? 1 };
  const kv = await new Kvm(jetstream(nc, API)).create(spec.name, {
    history: wanted.max_msgs_per_subject,
    ttl: spec.ttlMs ?? 0,
    storage: spec.storage === 'memory' ? StorageType.Memory : StorageType.File,
  });
  const { config } = (await kv.status()).streamInfo;
  if (config.max_age === wanted.max_age && config.max_msgs_per_subject === wanted.max_msgs_per_subject)
    return;
  // A window longer than the age is refused, so a bucket whose keys now live shorter takes its window along.
  const window =
    wanted.max_age === 0 ? config.duplicate_window : Math.min(config.duplicate_window, wanted.max_age);
  await jsm.streams.update(bucketStream(spec.name), { ...wanted, duplicate_window: window });
}

/** The same for key-value buckets. Thrown: what the server refuses; what still fails after about half a minute. */
export async function ensureBuckets(nc: NatsConnection, specs: readonly BucketSpec[]): Promise<void> {
  const jsm = await jetstreamManager(nc, API);
  for (const spec of specs) await untilAnswered(() => ensureBucket(nc, jsm, spec));
}
