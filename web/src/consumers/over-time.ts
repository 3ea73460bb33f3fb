import { instantToMs } from '@boocontrol/fleet-model';
import { timeMarks } from '../charts/time-marks';
import type { XyPoint, XySeries, XyView } from '../charts/xy';
import { compact, count } from '../format/number';
import { clock } from '../format/time';
import { promptOf, type Group } from './figures';

/** What the chart can show of consumers over time. */
export const MEASURES = [
  { name: 'tokens', text: 'Tokens' },
  { name: 'requests', text: 'Requests' },
  { name: 'time', text: 'GPU time' },
  { name: 'errors', text: 'Errors' },
  { name: 'cache', text: 'Cache hits' },
] as const;
export type Measure = (typeof MEASURES)[number]['name'];

export const measureOf = (text: string | null): Measure =>
  MEASURES.find(({ name }) => name === text)?.name ?? 'tokens';

interface Meaning {
  title: string;
  unit: string;
  say: (y: number) => string;
  of: (group: Group) => number;
  /** What `of` is a part of; absent: it is a figure of its own. */
  whole?: 'its prompt' | 'time of all';
}

const percent = (y: number): string => `${Math.round(y)}%`;

const MEANING: Readonly<Record<Measure, Meaning>> = {
  tokens: {
    title: 'Tokens, prompts and generated',
    unit: '',
    say: compact,
    of: (group) => promptOf(group) + group.outputTokens,
  },
  requests: { title: 'Requests', unit: '', say: count, of: ({ requests }) => requests },
  time: {
    title: 'Share of GPU time',
    unit: '%',
    say: percent,
    of: ({ durationMs }) => durationMs,
    whole: 'time of all',
  },
  errors: { title: 'Failed requests', unit: '', say: count, of: ({ errors }) => errors },
  cache: {
    title: 'Prompt tokens from the cache',
    unit: '%',
    say: percent,
    of: ({ cacheTokens }) => cacheTokens,
    whole: 'its prompt',
  },
};

/** Past so many lines nobody tells them apart. */
const MOST_LINES = 7;
const OTHERS = 'others';
const MOST_BUCKETS = 60;
const STEPS_S = [60, 300, 900, 3_600, 10_800, 21_600, 86_400, 7 * 86_400] as const;
const LONGEST_S = 31 * 86_400;
/** How far all time goes back for the steps: a longer history has more points. */
const ALL_TIME_MS = 365 * 86_400_000;

/** Seconds of a step of the chart. @param spanMs of the range; null: all time */
export function bucketS(spanMs: number | null): number {
  const ms = spanMs ?? ALL_TIME_MS;
  return STEPS_S.find((step) => ms / (step * 1000) <= MOST_BUCKETS) ?? LONGEST_S;
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

interface Asked {
  measure: Measure;
  stepMs: number;
  fromMs: number | null;
  toMs: number;
}

/** A line for each of the consumers that have the most of it, and one for the others. null: there is nothing to draw. */
export function overTime(groups: readonly Group[], { measure, stepMs, fromMs, toMs }: Asked): XyView | null {
  const meaning = MEANING[measure];
  const bySource = new Map<string, Group[]>();
  for (const group of groups) {
    const source = group.source ?? 'unattributed';
    bySource.set(source, [...(bySource.get(source) ?? []), group]);
  }
  const weigh = (held: readonly Group[]): number =>
    held.reduce(
      (sum, group) => sum + (meaning.whole === 'its prompt' ? promptOf(group) : meaning.of(group)),
      0,
    );
  const ranked = [...bySource]
    .filter(([, held]) => weigh(held) > 0)
    .toSorted(([nameA, a], [nameB, b]) => weigh(b) - weigh(a) || (nameA < nameB ? -1 : 1));
  const starts = [
    ...new Set(groups.map(({ bucket }) => (bucket === null ? 0 : instantToMs(bucket)))),
  ].toSorted((a, b) => a - b);
  const [first, final] = [starts[0], starts.at(-1)];
  if (first === undefined || final === undefined || ranked.length === 0) return null;
  const steps = Array.from(
    { length: Math.round((final - first) / stepMs) + 1 },
    (_, at) => first + at * stepMs,
  );
  const wholes = sumsOf(groups, ({ durationMs }) => durationMs);
  const line = (name: string, held: readonly Group[], color: number): XySeries => {
    const parts = sumsOf(held, meaning.of);
    const prompts = sumsOf(held, promptOf);
    const points = steps.flatMap((start): XyPoint[] => {
      const x = start + stepMs / 2;
      const part = parts.get(start) ?? 0;
      if (meaning.whole === undefined) return [{ x, y: part }];
      const whole = (meaning.whole === 'its prompt' ? prompts : wholes).get(start) ?? 0;
      return whole > 0 ? [{ x, y: (100 * part) / whole }] : [];
    });
    return { name, points, looks: 'line', color };
  };
  const rest = ranked.slice(MOST_LINES).flatMap(([, held]) => held);
  const [from, to] = [fromMs ?? first, Math.max(toMs, final + stepMs)];
  const isDays = to - from > 2 * 86_400_000;
  return {
    title: meaning.title,
    unit: meaning.unit,
    xName: 'time',
    marks: timeMarks({ fromMs: from, toMs: to }, -new Date(to).getTimezoneOffset() * 60_000).map((at) => ({
      at,
      text: isDays ? dayFormat.format(at) : clock(at, to),
    })),
    from: Math.min(from, first),
    to,
    series: [
      ...ranked.slice(0, MOST_LINES).map(([name, held], color) => line(name, held, color)),
      ...(rest.length > 0 ? [line(OTHERS, rest, MOST_LINES)] : []),
    ],
    sayX: (x) => `${clock(x - stepMs / 2, to)} to ${clock(x + stepMs / 2, to)}`,
    sayY: meaning.say,
  };
}

function sumsOf(groups: readonly Group[], of: (group: Group) => number): Map<number, number> {
  const sums = new Map<number, number>();
  for (const group of groups) {
    const start = group.bucket === null ? 0 : instantToMs(group.bucket);
    sums.set(start, (sums.get(start) ?? 0) + of(group));
  }
  return sums;
}
