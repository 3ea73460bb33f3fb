/** Fewer values than these do not tell such a percentile: it would be a word for the largest or second largest one. */
const NEEDED: readonly [percentile: number, values: number][] = [
  [99, 100],
  [95, 20],
];

/**
 * The p-th percentile (0 to 100) of finite values: between the two nearest ranks, linearly, with the smallest value as
 * the 0th and the largest as the 100th (type 7 of Hyndman and Fan 1996; the default of R and NumPy). null: too few
 * values for it (p99 takes 100, p95 takes 20, any other one).
 */
export function percentile(values: readonly number[], p: number): number | null {
  const needed = NEEDED.find(([from]) => p >= from && p < 100)?.[1] ?? 1;
  if (values.length < needed) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

/** null of nothing. */
export function median(values: readonly number[]): number | null {
  return percentile(values, 50);
}
