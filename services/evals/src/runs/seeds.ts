import { createHash } from 'node:crypto';

/** Seed of a sample: that of the sampler and so many more, or derived, so that each run of a suite sends the same. Pure. */
export function seedOf(seed: number | undefined, item: string, sample: number): number {
  if (seed !== undefined) return (seed + sample) % 2 ** 31;
  return createHash('sha256').update(`${item} ${sample}`).digest().readUInt32BE(0) >>> 1;
}
