/**
 * The first `max` of a list in the order of `compare`, without sorting all of it: most of a large fleet is worse than the
 * worst that is kept.
 */
export function bestOf<T>(items: readonly T[], max: number, compare: (a: T, b: T) => number): T[] {
  const best: T[] = [];
  for (const item of items) {
    const last = best.at(-1);
    if (best.length >= max && (last === undefined || compare(item, last) >= 0)) continue;
    let [low, high] = [0, best.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const there = best[middle];
      if (there !== undefined && compare(item, there) < 0) high = middle;
      else low = middle + 1;
    }
    best.splice(low, 0, item);
    if (best.length > max) best.pop();
  }
  return best;
}
