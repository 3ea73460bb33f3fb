/** A moment in the life of a key-value bucket. */
export interface BucketPosition {
  /** When its stream was made, as the server says it. */
  created: string;
  /** Sequence of its newest entry. */
  revision: number;
}

/**
 * True when the bucket is not the one that the table mirrors, or lost its tail: what is missing in it was not deleted
 * by anyone and has to be put back. Before the first time there is nothing to put back.
 */
export function isWiped(mirrored: BucketPosition | null, now: BucketPosition): boolean {
  return mirrored !== null && (mirrored.created !== now.created || now.revision < mirrored.revision);
}
