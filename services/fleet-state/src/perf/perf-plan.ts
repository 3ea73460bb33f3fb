/** Steps that people read at a glance, in seconds. */
const STEPS_S: readonly number[] = [
  5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800,
];
const WEEK_S = 604_800;
export const ROLLUP_S = 300;
/** Aggregating raw samples costs about 20 µs for each GPU of each sample; longer ranges take the rollups. */
const RAW_RANGE_MS = 6 * 3_600_000;
/** time_bucket's origin, Monday, 3 January 2000: steps begin at multiples of themselves from here. */
const ORIGIN_MS = Date.UTC(2000, 0, 3);

export interface PerfRange {
  fromMs: number;
  /** Exclusive. */
  toMs: number;
}

export interface PerfPlan extends PerfRange {
  stepS: number;
  resolution: 'raw' | 'rollup';
}

/** Start of the step that holds the moment, Unix milliseconds. */
export function stepStartMs(ms: number, stepS: number): number {
  const stepMs = stepS * 1_000;
  return ORIGIN_MS + Math.floor((ms - ORIGIN_MS) / stepMs) * stepMs;
}

function stepsIn({ fromMs, toMs }: PerfRange, stepS: number): number {
  return (stepStartMs(toMs - 1, stepS) - stepStartMs(fromMs, stepS)) / (stepS * 1_000) + 1;
}

/**
 * The smallest sensible step with at most `maxPoints` steps in the range, and where its data comes from. The range of
 * the plan is widened to whole steps.
 * @param rawFromMs raw samples before it have been deleted; null: none were
 */
export function planPerf(range: PerfRange, maxPoints: number, rawFromMs: number | null): PerfPlan {
  const fits = (stepS: number): boolean => stepsIn(range, stepS) <= maxPoints;
  const isRawKept = rawFromMs === null || range.fromMs >= rawFromMs;
  const mayBeRaw = isRawKept && range.toMs - range.fromMs <= RAW_RANGE_MS;
  const steps = mayBeRaw ? STEPS_S : STEPS_S.filter((stepS) => stepS >= ROLLUP_S);
  const stepS = steps.find(fits) ?? wholeWeeks(range, maxPoints);
  const lastStepMs = stepStartMs(range.toMs - 1, stepS);
  return {
    stepS,
    resolution: stepS < ROLLUP_S ? 'raw' : 'rollup',
    fromMs: stepStartMs(range.fromMs, stepS),
    toMs: lastStepMs + stepS * 1_000,
  };
}

function wholeWeeks({ fromMs, toMs }: PerfRange, maxPoints: number): number {
  return Math.ceil((toMs - fromMs) / 1_000 / (maxPoints - 1) / WEEK_S) * WEEK_S;
}
