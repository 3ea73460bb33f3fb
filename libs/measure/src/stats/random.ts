/** Numbers in [0, 1). Whoever draws is given its source, so a run with the same seed is the same run. */
export type Random = () => number;

/** A small seeded generator (mulberry32): equal seeds give equal sequences on every machine. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A source of its own for each purpose: what is drawn for one does not depend on how much was drawn for another, so a run
 * that goes on draws what it would have drawn had it not been cut.
 */
export function derived(seed: number, ...purpose: readonly (string | number)[]): Random {
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5;
  for (const char of [seed, ...purpose].join('/'))
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return seeded(hash);
}

/** A waiting time with the given mean, as between independent arrivals. */
export function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random()) * mean;
}
