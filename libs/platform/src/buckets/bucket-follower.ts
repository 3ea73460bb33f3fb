import { bucketStream, bucketSubjects } from '@boocontrol/contracts';
import type { JsMsg } from '@nats-io/jetstream';
import { isDeletion } from './kv-message.js';
import type { JetStreamSetup } from '../bus/jetstream-setup.js';
import { StreamFollower, type FollowOptions } from '../log/stream-follower.js';
import { readAll } from '../log/stream-reader.js';

/** What was written to a key of a bucket. */
export interface BucketEntry {
  key: string;
  /** Sequence in the bucket's stream. */
  revision: number;
  /** null: the key was deleted. */
  data: Uint8Array | null;
}

/** The bucket at one moment. */
export interface BucketSight {
  /** When its stream was made, as the server says it: a wiped bucket is another one. */
  created: string;
  /** Everything up to this sequence of its stream has been handed over. */
  revision: number;
}

export interface BucketFollowOptions extends Pick<FollowOptions, 'nc' | 'log' | 'onState'> {
  setup: JetStreamSetup;
  bucket: string;
  /** The newest entry of every key that was ever written: before the first change, and whenever it is another bucket. */
  onAnew: (entries: readonly BucketEntry[], sight: BucketSight) => void;
  /** Each change after that, in the order of the bucket. */
  onEntry: (entry: BucketEntry) => void;
}

/** Follows a key-value bucket for as long as it is not stopped, as StreamFollower does a stream. */
export function bucketFollower(options: BucketFollowOptions): StreamFollower {
  const { nc, log, setup, bucket, onAnew, onEntry, onState } = options;
  const stream = bucketStream(bucket);
  const subjects = [bucketSubjects.all(bucket)];
  const entryOf = (message: JsMsg): BucketEntry => ({
    key: bucketSubjects.keyOf(bucket, message.subject),
    revision: message.seq,
    data: isDeletion(message) ? null : message.data,
  });
  return new StreamFollower({
    nc,
    log,
    stream,
    subjects,
    begin: async (jsm, { created, lastSeq }) => {
      const entries: BucketEntry[] = [];
      await readAll(jsm, stream, subjects, { from: 'last_per_subject' }, (message) =>
        entries.push(entryOf(message)),
      );
      onAnew(entries, { created, revision: lastSeq });
      return lastSeq + 1;
    },
    onMessage: (message) => onEntry(entryOf(message)),
    onMissing: () => setup.ensure(),
    ...(onState === undefined ? {} : { onState }),
  });
}
