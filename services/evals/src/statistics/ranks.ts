import type { EvalEstimate, LeaderboardEntry } from '@boocontrol/contracts';

/** The places that each may have: one is before another only where their intervals do not overlap. */
export function ranksOf(scores: readonly EvalEstimate[]): LeaderboardEntry['rank'][] {
  return scores.map(({ low, high }) => ({
    from: 1 + scores.filter((other) => other.low > high).length,
    to: scores.length - scores.filter((other) => other.high < low).length,
  }));
}

/** Those that none is better than in one of both without being worse in the other; without a speed: none of them. */
export function paretoOf<T extends { quality: number; speed: number | null }>(all: readonly T[]): T[] {
  const known = all.filter(({ speed }) => speed !== null);
  return known.filter(
    (one) =>
      !known.some(
        (other) =>
          other.quality >= one.quality &&
          (other.speed ?? 0) >= (one.speed ?? 0) &&
          (other.quality > one.quality || (other.speed ?? 0) > (one.speed ?? 0)),
      ),
  );
}
