/** What one load gave. */
export interface LoadPoint {
  /** Requests at once, or a second. */
  load: number;
  /** Tokens a second of all together, or requests. */
  throughput: number;
}

/** Less than this much more for twice the load, as a part of 1, is none. */
const GAIN = 0.1;
/** Loads closer than this to each other, as a factor, say nothing: what they differ by is noise. */
const APART = 1.2;

/**
 * The lowest load from which more gains nothing: the next one (of at least 1.2 times as much) gave less than 10 % more for each doubling. null: more
 * still gained, or there is only one. Points in order of their load.
 */
export function saturation(points: readonly LoadPoint[]): number | null {
  for (const [index, point] of points.entries()) {
    if (point.load <= 0 || point.throughput <= 0) continue;
    const next = points.slice(index + 1).find(({ load }) => load >= APART * point.load);
    if (!next) continue;
    const doublings = Math.log2(next.load / point.load);
    if (next.throughput < point.throughput * (1 + GAIN) ** doublings) return point.load;
  }
  return null;
}
