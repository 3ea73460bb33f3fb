/** What stands under a key. */
export interface StoredText {
  /** null: nothing, or it was deleted. */
  text: string | null;
  /** By which a write names what it replaces; 0: the key was never written, or that is forgotten. */
  revision: number;
}

/**
 * A bucket whose keys are written by compare-and-set and vanish a fixed time after their last write. Each method throws
 * LeaseError when the bus does not answer, or has no such bucket.
 */
export interface LeaseStore {
  /** When the bucket’s stream was made, in microseconds since 1970: revisions count from there. */
  created(): Promise<number>;
  /** As the leader has it: a replica may lag. */
  read(key: string): Promise<StoredText>;
  /** The new revision; null when the key is not at revision `after` (any more). */
  write(key: string, text: string, after: number): Promise<number | null>;
  /** false when the key is not at revision `after` (any more). */
  remove(key: string, after: number): Promise<boolean>;
  keys(): Promise<string[]>;
}

/** Writes a key that is free: the new revision, or null when something stands there. */
export async function writeIfFree(store: LeaseStore, key: string, text: string): Promise<number | null> {
  const revision = await store.write(key, text, 0);
  if (revision !== null) return revision;
  const now = await store.read(key);
  return now.text === null ? store.write(key, text, now.revision) : null;
}
