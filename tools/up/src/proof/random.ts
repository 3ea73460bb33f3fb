/** Randomness of a proof: the same seed makes the same choices. */
export interface Random {
  /** 0 to 1, 1 excluded. */
  next(): number;
  /** 0 to n, n excluded. */
  below(n: number): number;
  pick<T>(values: readonly T[]): T;
}

/** mulberry32, by Tommy Ettinger: 32 bits of state, good enough to choose with. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    pick: <T>(values: readonly T[]): T => {
      const value = values[below(values.length)];
      if (value === undefined) throw new RangeError('nothing to pick from');
      return value;
    },
  };
}
