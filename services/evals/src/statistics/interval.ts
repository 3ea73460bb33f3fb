import type { EvalEstimate } from '@boocontrol/contracts';

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959_963_985;

/** A value of one item, 0 to 1, and the group of items that it stands or falls with. */
export interface Value {
  family: string;
  value: number;
}

/**
 * The mean of items with its 95 % interval: Wilson's (1927) score interval with the effective number of items in place of
 * their number (Kish 1965; Korn and Graubard 1998). How far the mean varies is taken from the groups, so items that fall
 * together widen it; where single tries of an item agree with one another no more than chance has it, several tries narrow it.
 *
 * @param tries samples behind all values together: never more than these are independent
 * @throws {RangeError} when there is no value
 */
export function meanInterval(values: readonly Value[], tries: number): EvalEstimate {
  if (values.length === 0) throw new RangeError('there is no mean of nothing');
  const mean = meanOf(values.map(({ value }) => value));
  const { n, groups } = effective(values, mean, tries);
  // As many groups as tries: nothing was estimated but the mean itself, and Wilson's interval is as he has it.
  const z = groups === tries ? Z : student(groups - 1);
  const middle = (mean + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((mean * (1 - mean)) / n + (z * z) / (4 * n * n));
  // At the ends floating point leaves the mean outside by 1e-17.
  return { mean, low: clamp(Math.min(middle - half, mean)), high: clamp(Math.max(middle + half, mean)) };
}

/** So many independent tries would vary as much as these values do. */
function effective(values: readonly Value[], mean: number, tries: number): { n: number; groups: number } {
  const sums = new Map<string, number>();
  for (const { family, value } of values) sums.set(family, (sums.get(family) ?? 0) + value - mean);
  const groups = sums.size;
  if (groups === tries) return { n: tries, groups };
  // All alike: nothing tells whether the items of a group would differ, so a group counts as one.
  if (mean === 0 || mean === 1 || groups < 2) return { n: groups, groups };
  const squares = [...sums.values()].reduce((sum, off) => sum + off * off, 0);
  const variance = (squares / values.length ** 2) * (groups / (groups - 1));
  return { n: Math.min(tries, Math.max(1, (mean * (1 - mean)) / variance)), groups };
}

/** 97.5 % quantile of Student's distribution, by the expansion of Cornish and Fisher: within 1 % from 4 degrees on. */
export function student(degrees: number): number {
  if (degrees < 1) return 12.7;
  return (
    Z +
    (Z ** 3 + Z) / (4 * degrees) +
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * degrees ** 2) +
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / (384 * degrees ** 3)
  );
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));
