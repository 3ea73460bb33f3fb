import type { z } from 'zod';
import { decodeJson } from '../bus/decode.js';
import type { StreamFollower } from '../log/stream-follower.js';
import {
  bucketFollower,
  type BucketEntry,
  type BucketFollowOptions,
  type BucketSight,
} from './bucket-follower.js';

/** What stands under a key. */
export interface FollowedEntry<T> {
  /** Sequence in the bucket's stream. */
  revision: number;
  isDeleted: boolean;
  /** null: deleted, or nothing that this version can read. */
  value: T | null;
}

export interface FollowedBucketOptions<T> extends Pick<
  BucketFollowOptions,
  'nc' | 'log' | 'setup' | 'bucket' | 'onState'
> {
  schema: z.ZodType<T>;
  /** What the log calls an entry, e.g. "a policy". */
  what: string;
  /** The key that a value belongs under; under another one it is not taken. Absent: any. */
  keyOf?: (value: T) => string;
  /** The bucket has been read: at first, and when it is another one. Called before `onChange`. */
  onAnew?: () => void;
  /** After each change, and when the bucket has been read. */
  onChange?: () => void;
}

/** A key-value bucket in memory, followed live; what cannot be read is logged and counts as nothing. */
export class FollowedBucket<T> {
  private readonly follower: StreamFollower;
  private known = new Map<string, FollowedEntry<T>>();
  private position: BucketSight | null = null;

  constructor(private readonly options: FollowedBucketOptions<T>) {
    const { nc, log, setup, bucket, onAnew, onChange, onState } = options;
    this.follower = bucketFollower({
      nc,
      log,
      setup,
      bucket,
      onAnew: (entries, sight) => {
        this.known = new Map(entries.map((entry) => [entry.key, this.read(entry)]));
        this.position = sight;
        onAnew?.();
        onChange?.();
      },
      onEntry: (entry) => {
        if (this.position !== null) this.position = { ...this.position, revision: entry.revision };
        this.set(entry.key, this.read(entry));
      },
      ...(onState === undefined ? {} : { onState }),
    });
  }

  start(): void {
    this.follower.start();
  }

  stop(): Promise<void> {
    return this.follower.stop();
  }

  /** How much of it is known; null: it has not been read yet. */
  get sight(): BucketSight | null {
    return this.position;
  }

  /** Every key that was ever written, also those that were deleted; as it is now, not a copy. */
  get entries(): ReadonlyMap<string, FollowedEntry<T>> {
    return this.known;
  }

  /** In no particular order. */
  get values(): T[] {
    return [...this.known.values()].flatMap(({ value }) => (value === null ? [] : [value]));
  }

  /** null: there is none, or nothing that can be read. */
  get(key: string): T | null {
    return this.known.get(key)?.value ?? null;
  }

  /**
   * What a write of ours has put there, so that the next question already sees it.
   * @param revision of the write; an older one than what is known changes nothing
   * @param value null for a deletion
   */
  note(key: string, revision: number, value: T | null): void {
    this.set(key, { revision, isDeleted: value === null, value });
  }

  private set(key: string, entry: FollowedEntry<T>): void {
    if (entry.revision <= (this.known.get(key)?.revision ?? 0)) return;
    this.known.set(key, entry);
    this.options.onChange?.();
  }

  private read({ key, revision, data }: BucketEntry): FollowedEntry<T> {
    if (data === null) return { revision, isDeleted: true, value: null };
    const { schema, keyOf, log, what } = this.options;
    const parsed = decodeJson(data, schema);
    if (parsed.ok && (keyOf === undefined || keyOf(parsed.value) === key))
      return { revision, isDeleted: false, value: parsed.value };
    const reason = parsed.ok ? 'it belongs under another key' : parsed.reason;
    log.warn({ key, revision, reason }, `ignored ${what}`);
    return { revision, isDeleted: false, value: null };
  }
}
