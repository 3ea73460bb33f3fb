import type { CellSpec, FigureKey, Figures, Sample, Suite } from '@boocontrol/contracts';
import { medianInterval } from '../stats/bootstrap.js';
import { median, percentile } from '../stats/percentile.js';
import type { Random } from '../stats/random.js';
import { steadyWindow, windowFigures } from './window.js';

/** What a figure of requests is, of one of them; null: not measured. */
const OF_SAMPLE: Partial<Record<FigureKey, (sample: Sample) => number | null>> = {
  ttfbMs: ({ ttfbMs }) => ttfbMs,
  ttftMs: ({ ttftMs }) => ttftMs,
  ttftReasoningMs: ({ ttftReasoningMs }) => ttftReasoningMs,
  ttftContentMs: ({ ttftContentMs }) => ttftContentMs,
  tpotMs: ({ tpotMs }) => tpotMs,
  genTps: ({ tpotMs }) => (tpotMs === null ? null : 1000 / tpotMs),
  hostGenTps: ({ hostGenTps }) => hostGenTps,
  promptTps: ({ promptTokens, cacheTokens, ttftMs }) =>
    promptTokens === null || ttftMs === null || ttftMs <= 0
      ? null
      : (1000 * (promptTokens - (cacheTokens ?? 0))) / ttftMs,
  hostPromptTps: ({ hostPromptTps }) => hostPromptTps,
  e2eMs: ({ e2eMs }) => e2eMs,
  queueMs: ({ queueMs }) => queueMs ?? null,
  lagMs: ({ lagMs }) => lagMs,
  promptTokens: ({ promptTokens }) => promptTokens,
  outputTokens: ({ outputTokens }) => outputTokens,
  cacheTokens: ({ cacheTokens }) => cacheTokens,
  draftAcceptedPct: ({ draftTokens, draftAccepted }) =>
    draftTokens === null || draftTokens === 0 || draftAccepted === null
      ? null
      : (100 * draftAccepted) / draftTokens,
};

/** The figures of a cell, from its samples alone: whoever has those can compute them again. */
export function figuresOf(
  samples: readonly Sample[],
  spec: CellSpec,
  slo: Suite['slo'],
  random: Random,
): Figures {
  const good = samples.filter(({ status }) => status === 'ok');
  const figures: Figures = {};
  if (good.length === 0) return figures;
  for (const [key, of] of Object.entries(OF_SAMPLE) as [FigureKey, (sample: Sample) => number | null][]) {
    const values = good.flatMap((sample) => {
      const value = of(sample);
      return value === null ? [] : [{ value, repetition: sample.repetition }];
    });
    put(figures, key, values, random);
  }
  const gaps = good.flatMap(({ gapsMs, repetition }) => gapsMs.map((value) => ({ value, repetition })));
  put(figures, 'gapMs', gaps, random);
  putWindows(figures, samples, spec, slo, random);
  return figures;
}

/** Of a replay each repetition has a window of its own: nothing is under way between two. */
function putWindows(
  figures: Figures,
  samples: readonly Sample[],
  { load }: CellSpec,
  slo: Suite['slo'],
  random: Random,
): void {
  const each = load.kind === 'replay' ? new Set(samples.map(({ repetition }) => repetition)) : [0];
  const of = (repetition: number): readonly Sample[] =>
    load.kind === 'replay' ? samples.filter((sample) => sample.repetition === repetition) : samples;
  const values = new Map<FigureKey, { value: number; repetition: number }[]>();
  for (const repetition of each) {
    const part = of(repetition);
    const window = steadyWindow(part, load);
    if (!window) continue;
    const good = part.filter(({ status }) => status === 'ok');
    for (const [key, value] of Object.entries(windowFigures(good, window, slo)) as [
      FigureKey,
      number | null,
    ][])
      if (value !== null) values.set(key, [...(values.get(key) ?? []), { value, repetition }]);
  }
  for (const [key, found] of values) put(figures, key, found, random);
}

function put(
  figures: Figures,
  key: FigureKey,
  values: readonly { value: number; repetition: number }[],
  random: Random,
): void {
  const all = values.map(({ value }) => value);
  const middle = median(all);
  if (middle === null) return;
  const byRepetition = new Map<number, number[]>();
  for (const { value, repetition } of values) {
    const group = byRepetition.get(repetition);
    if (group) group.push(value);
    else byRepetition.set(repetition, [value]);
  }
  const repetitions = [...byRepetition.values()].flatMap((each) => median(each) ?? []);
  const interval = medianInterval(repetitions, random);
  figures[key] = {
    n: all.length,
    median: middle,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    p95: percentile(all, 95),
    p99: percentile(all, 99),
    min: all.reduce((a, b) => Math.min(a, b)),
    max: all.reduce((a, b) => Math.max(a, b)),
    repetitions,
  };
}
