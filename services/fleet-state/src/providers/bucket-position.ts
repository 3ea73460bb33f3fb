import type { RegistrySnapshot } from '@boocontrol/platform';

/** A moment in the life of the registry's bucket. */
export type BucketPosition = Pick<RegistrySnapshot, 'created' | 'revision'>;

/**
 * True when the bucket is not the one that the table mirrors, or lost its tail: what is missing in it was not deleted
 * by anyone and has to be put back. Before the first time there is nothing to put back.
 */
export function isWiped(mirrored: BucketPosition | null, now: BucketPosition): boolean {
  return mirrored !== null && (mirrored.created !== now.created || now.revision < mirrored.revision);
}
