import type { Random } from './random.js';

/** A range that holds the true value in `level` of all runs, as far as the samples tell. */
export interface Interval {
  low: number;
  high: number;
}

const ROUNDS = 1_000;
/** So few values are put in order as they are drawn. */
const FEW = 40;

/**
 * Percentile bootstrap of the median (Efron 1979): as many values again are drawn from the samples, with repetition, and
 * the middle of the medians is kept. null: fewer than two values say nothing of how they vary.
 */
export function medianInterval(values: readonly number[], random: Random, level = 0.95): Interval | null {
  if (values.length < 2) return null;
  return middle(
    drawn(ROUNDS, () => medianOf(values, random)),
    level,
  );
}

/** The same for median(values) ÷ median(base). Both are positive, which whoever calls has made sure of. */
export function ratioInterval(
  values: readonly number[],
  base: readonly number[],
  random: Random,
  level: number,
): Interval {
  return middle(
    drawn(ROUNDS, () => medianOf(values, random) / medianOf(base, random)),
    level,
  );
}

function drawn(count: number, draw: () => number): Float64Array {
  const all = new Float64Array(count);
  for (let at = 0; at < count; at += 1) all[at] = draw();
  return all.sort();
}

function middle(sorted: Float64Array, level: number): Interval {
  const outside = ((1 - level) / 2) * (sorted.length - 1);
  const low = sorted[Math.floor(outside)] ?? 0;
  return { low, high: sorted[Math.ceil(sorted.length - 1 - outside)] ?? low };
}

function medianOf(values: readonly number[], random: Random): number {
  const picked = Array.from(values);
  if (values.length > FEW) {
    for (let at = 0; at < picked.length; at += 1)
      picked[at] = values[Math.floor(random() * values.length)] ?? 0;
    picked.sort((a, b) => a - b);
    return middleOf(picked);
  }
  for (let at = 0; at < picked.length; at += 1) {
    // In its place among those before it: a sort of its own costs ten times as much for the few there are.
    const value = values[Math.floor(random() * values.length)] ?? 0;
    let place = at;
    for (; place > 0 && (picked[place - 1] ?? 0) > value; place -= 1) picked[place] = picked[place - 1] ?? 0;
    picked[place] = value;
  }
  return middleOf(picked);
}

function middleOf(picked: readonly number[]): number {
  const half = picked.length >> 1;
  const upper = picked[half] ?? 0;
  return picked.length % 2 === 1 ? upper : (upper + (picked[half - 1] ?? 0)) / 2;
}
