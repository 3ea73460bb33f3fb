/** A reading of one GPU. */
export interface Reading {
  atMs: number;
  gpu: string;
  /** Load, percent; null: not told. */
  utilPct: number | null;
  /** Power drawn, watts; null: not told. */
  powerW: number | null;
}

export interface Throttled {
  gpu: string;
  atMs: number;
  fromW: number;
  toW: number;
}

/** From here on a GPU is at full load. */
const FULL_PCT = 95;
/** Of each third of the time so many readings at full load are needed. */
const READINGS = 4;
/** The most that is drawn in the last third, as a part of the most in the first one. */
const FALLEN = 0.8;

/**
 * GPUs whose power fell while they were at full load all the time: hot, or out of power. llama-swap tells of no clock.
 *
 * A prompt is read at another power than an answer is written at, so single readings say nothing: compared is the most that
 * was drawn in each third of the time, by readings at full load alone. The last third has to be a fifth below the first, and
 * the middle one must not be above it. Without four readings at full load in each third nothing is said.
 */
export function throttledAmong(readings: readonly Reading[], fromMs: number, untilMs: number): Throttled[] {
  const byGpu = new Map<string, Reading[]>();
  for (const reading of readings) {
    if (reading.atMs < fromMs || reading.atMs > untilMs) continue;
    byGpu.set(reading.gpu, [...(byGpu.get(reading.gpu) ?? []), reading]);
  }
  return [...byGpu].flatMap(([gpu, own]) => {
    const thirdMs = (untilMs - fromMs) / 3;
    const [first, middle, last] = [0, 1, 2].map((third) =>
      most(own, fromMs + third * thirdMs, third === 2 ? Infinity : fromMs + (third + 1) * thirdMs),
    );
    if (!first || !middle || !last) return [];
    const isThrottled = last.powerW < FALLEN * first.powerW && middle.powerW <= first.powerW;
    return isThrottled ? [{ gpu, atMs: last.atMs, fromW: first.powerW, toW: last.powerW }] : [];
  });
}

function most(
  readings: readonly Reading[],
  fromMs: number,
  untilMs: number,
): { atMs: number; powerW: number } | null {
  const full = readings.flatMap(({ atMs, utilPct, powerW }) =>
    atMs >= fromMs && atMs < untilMs && (utilPct ?? 0) >= FULL_PCT && powerW !== null
      ? [{ atMs, powerW }]
      : [],
  );
  if (full.length < READINGS) return null;
  return full.reduce((best, one) => (one.powerW > best.powerW ? one : best));
}
