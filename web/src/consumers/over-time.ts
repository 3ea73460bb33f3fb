import { instantToMs } from '@boocontrol/fleet-model';
import { timeMarks } from '../charts/time-marks';
import type { XyPoint, XySeries, XyView } from '../charts/xy';
import { compact, count, plural } from '../format/number';
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
/** What the others have together makes the lines of single consumers flat when it is so many times the largest of them. */
const MOST_TIMES = 3;
const MOST_BUCKETS = 30;
const STEPS_S = [60, 300, 900, 3_600, 10_800, 21_600, 86_400, 7 * 86_400] as const;
const LONGEST_S = 31 * 86_400;
/** How far all time goes back for the steps: a longer history has more points. */
const ALL_TIME_MS = 200 * 86_400_000;

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

export interface ConsumersView extends XyView {
  /** Consumers that have some of it and no part in a line. */
  undrawn: number;
}

/**
 * A line for each of the consumers that have the most of it, and one for the others unless it would hide these.
 * null: there is nothing to draw.
 */
export function overTime(
  groups: readonly Group[],
  { measure, stepMs, fromMs, toMs }: Asked,
): ConsumersView | null {
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
  const starts = groups.map(({ bucket }) => (bucket === null ? 0 : instantToMs(bucket)));
  if (starts.length === 0 || ranked.length === 0) return null;
  const [first, final] = [Math.min(...starts), Math.max(...starts)];
  // Where the service lets steps begin is told by those that it has.
  const before = fromMs === null ? 0 : Math.max(0, Math.ceil((first - fromMs) / stepMs - 1e-9));
  const after = Math.max(0, Math.ceil((toMs - final) / stepMs - 1e-9) - 1);
  const begin = first - before * stepMs;
  const end = final + (after + 1) * stepMs;
  const steps = Array.from({ length: Math.round((end - begin) / stepMs) }, (_, at) => begin + at * stepMs);
  const scale = meaning.whole === undefined ? scaleOf(bySource, meaning.of) : ONES;
  const wholes = sumsOf(groups, ({ durationMs }) => durationMs);
  const line = (name: string, held: readonly Group[], color: number): XySeries => {
    const parts = sumsOf(held, meaning.of);
    const prompts = sumsOf(held, promptOf);
    const points = steps.flatMap((start): XyPoint[] => {
      const x = start + stepMs / 2;
      const part = parts.get(start) ?? 0;
      if (meaning.whole === undefined) return [{ x, y: part / scale.by }];
      const whole = (meaning.whole === 'its prompt' ? prompts : wholes).get(start) ?? 0;
      return whole > 0 ? [{ x, y: (100 * part) / whole }] : [];
    });
    return { name, points, looks: 'line', color };
  };
  const lines = ranked.slice(0, MOST_LINES).map(([name, held], color) => line(name, held, color));
  const others = ranked.slice(MOST_LINES);
  const rest = line(
    plural(others.length, 'other'),
    others.flatMap(([, held]) => held),
    MOST_LINES,
  );
  const isDrawn = others.length > 0 && top([rest]) <= MOST_TIMES * top(lines);
  const isDays = end - begin > 2 * 86_400_000;
  return {
    title: meaning.title,
    unit: scale.unit || meaning.unit,
    // What is not over yet is less than it will be.
    xName: end > toMs ? 'time, the last step not over yet' : 'time',
    marks: timeMarks({ fromMs: begin, toMs: end }, -new Date(end).getTimezoneOffset() * 60_000).map((at) => ({
      at,
      text: isDays ? dayFormat.format(at) : clock(at, toMs),
    })),
    from: begin,
    to: end,
    series: isDrawn ? [...lines, rest] : lines,
    undrawn: isDrawn ? 0 : others.length,
    sayX: (x) => `${clock(x - stepMs / 2, toMs)} to ${clock(x + stepMs / 2, toMs)}`,
    sayY: (y) => meaning.say(y * scale.by),
    counts: meaning.whole === undefined && scale === ONES,
  };
}

const top = (series: readonly XySeries[]): number =>
  Math.max(0, ...series.flatMap(({ points }) => points.map(({ y }) => y)));

interface Scale {
  by: number;
  unit: string;
}
const ONES: Scale = { by: 1, unit: '' };

/** So that the axis has few digits. */
function scaleOf(bySource: ReadonlyMap<string, readonly Group[]>, of: (group: Group) => number): Scale {
  const most = Math.max(...[...bySource.values()].flatMap((held) => held.map(of)));
  if (most >= 1e6) return { by: 1e6, unit: 'million' };
  return most >= 1e4 ? { by: 1e3, unit: 'thousand' } : ONES;
}

function sumsOf(groups: readonly Group[], of: (group: Group) => number): Map<number, number> {
  const sums = new Map<number, number>();
  for (const group of groups) {
    const start = group.bucket === null ? 0 : instantToMs(group.bucket);
    sums.set(start, (sums.get(start) ?? 0) + of(group));
  }
  return sums;
}
