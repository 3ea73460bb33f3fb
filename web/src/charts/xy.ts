import { niceTop } from './views';

/** A figure at one place of an axis that is not the time of a live page. */
export interface XyPoint {
  x: number;
  y: number;
  /** Its interval; null: none. */
  low?: number | null;
  high?: number | null;
  /** What stands there, for the readout; absent: nothing but its figure. */
  name?: string;
  /** Written beside it; absent: nothing. */
  label?: string;
}

export interface XySeries {
  name: string;
  points: readonly XyPoint[];
  /** points: few, each of which counts; triangles: dots with something against them, which colour alone must not tell. */
  looks: 'line' | 'dots' | 'points' | 'triangles';
  /** Which colour; another series may have the same. */
  color: number;
}

export interface XyView {
  title: string;
  unit: string;
  /** What the axis counts: "requests at once". */
  xName: string;
  /** Where the axis has words. */
  marks: readonly { at: number; text: string }[];
  from: number;
  to: number;
  series: readonly XySeries[];
  /** Lines from top to bottom, with words. */
  events?: readonly { at: number; text: string }[];
  /** For the readout; absent: as the nearest mark. */
  sayX?: (x: number) => string;
  sayY: (y: number) => string;
  /** It is a number of things, so there are no halves; absent: there may be. */
  counts?: boolean;
}

/** Round, above all points and their intervals. @param counts what has no halves: nor have its quarters then */
export function topOf(series: readonly XySeries[], counts = false): number {
  const top = niceTop(
    Math.max(0, ...series.flatMap(({ points }) => points.map(({ y, high }) => Math.max(y, high ?? y)))),
  );
  return counts ? 4 * Math.ceil(top / 4) : top;
}

/** The place of a point nearest to `x`; null: there is none. */
export function nearestX(series: readonly XySeries[], x: number): number | null {
  let found: number | null = null;
  for (const { points } of series)
    for (const point of points)
      if (found === null || Math.abs(point.x - x) < Math.abs(found - x)) found = point.x;
  return found;
}

/** What a series has there; null: nothing. Of several, the middle one. */
export function pointAt({ points }: XySeries, x: number): XyPoint | null {
  const there = points.filter((point) => point.x === x).toSorted((a, b) => a.y - b.y);
  return there[Math.floor(there.length / 2)] ?? null;
}

/** "61.2", "61.2 (60.1 to 62.4)" */
export function pointWords({ y, low, high, name }: XyPoint, say: (y: number) => string): string {
  const figure = low == null || high == null ? say(y) : `${say(y)} (${say(low)} to ${say(high)})`;
  return name === undefined ? figure : `${name}: ${figure}`;
}

/** The axis' words for a place. */
export const xWords = ({ marks, sayX }: XyView, x: number): string =>
  sayX?.(x) ?? marks.find(({ at }) => at === x)?.text ?? String(x);
