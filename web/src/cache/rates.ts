import type { CacheRates } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { ChartView, Point } from '../charts/views';
import { hitRate } from './words';

type RateSeries = CacheRates['series'][number];

/** Past so many lines nobody tells them apart: those with the most tokens are drawn. */
export const MOST_LINES = 6;
/** A line has at most so many points: with fewer requests in each it would only jump up and down. */
const MOST_POINTS = 32;
/** So many empty ones are a hole in it. */
const HOLE = 3;

export const pairName = ({ source, model }: Pick<RateSeries, 'source' | 'model'>): string =>
  `${source}, ${model}`;

/** Milliseconds that a point of a line stands for: whole steps of the answer. */
export function pointMs({ from, to, stepS }: Pick<CacheRates, 'from' | 'to' | 'stepS'>): number {
  const stepMs = stepS * 1_000;
  return stepMs * Math.max(1, Math.ceil((instantToMs(to) - instantToMs(from)) / stepMs / MOST_POINTS));
}

/** How long a point stands for the time after it. */
export const holeMs = (rates: Pick<CacheRates, 'from' | 'to' | 'stepS'>): number => HOLE * pointMs(rates);

/** The share of prompts that came from the cache, a line for each consumer and model. */
export function ratesView(rates: CacheRates): ChartView {
  const widthMs = pointMs(rates);
  return {
    title: 'From the cache',
    unit: '%',
    digits: 0,
    top: 100,
    series: rates.series
      .slice(0, MOST_LINES)
      .map((each) => ({ name: pairName(each), points: pointsOf(each, widthMs) })),
  };
}

function pointsOf({ points }: RateSeries, widthMs: number): Point[] {
  const sums = new Map<number, { prompt: number; cached: number }>();
  for (const { at, promptTokens, cacheTokens } of points) {
    const begins = Math.floor(instantToMs(at) / widthMs) * widthMs;
    const sum = sums.get(begins) ?? { prompt: 0, cached: 0 };
    sums.set(begins, { prompt: sum.prompt + promptTokens, cached: sum.cached + cacheTokens });
  }
  const made: Point[] = [];
  let before: number | null = null;
  for (const [begins, { prompt, cached }] of sums) {
    const rate = hitRate(cached, prompt);
    if (rate === null) continue;
    if (before !== null && begins - before > HOLE * widthMs) made.push([before + widthMs, null]);
    // In the middle of what it stands for; cut as in `share`, so that nothing less than all is 100.
    made.push([begins + widthMs / 2, Math.floor(rate)]);
    before = begins;
  }
  return made;
}
