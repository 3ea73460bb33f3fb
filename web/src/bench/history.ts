import { definitionOf, type BenchHistory, type FigureKey } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { timeMarks } from '../charts/time-marks';
import type { XyPoint, XySeries, XyView } from '../charts/xy';
import { capital } from '../format/text';
import { clock } from '../format/time';
import { say } from './figures';

type HistoryPoint = BenchHistory['points'][number];

/** Past so many lines nobody tells them apart: the hosts and suites with the most runs are drawn. */
const MOST_LINES = 8;

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/**
 * A figure over time: a line for each host and suite, what is not clean as triangles beside it, and a mark where the
 * engine of a host became another. null: there is nothing to draw.
 * @param nameOf what people call a host
 */
export function historyView(
  points: readonly HistoryPoint[],
  figure: FigureKey,
  nowMs: number,
  nameOf: (providerId: string) => string,
): XyView | null {
  if (points.length === 0) return null;
  const lines = new Map<string, HistoryPoint[]>();
  const models = new Set(points.map(({ model }) => model));
  const suites = new Set(points.map(({ suiteName }) => suiteName));
  const cells = new Set(points.map(({ cell }) => cell));
  for (const point of points) {
    const name = [
      nameOf(point.providerId),
      ...(models.size > 1 ? [point.model] : []),
      ...(suites.size > 1 ? [point.suiteName] : []),
      ...(cells.size > 1 ? [point.cell] : []),
    ].join(', ');
    lines.set(name, [...(lines.get(name) ?? []), point]);
  }
  const drawn = [...lines].sort(([, a], [, b]) => b.length - a.length).slice(0, MOST_LINES);
  const shown = drawn.flatMap(([, held]) => held);
  const at = shown.map((point) => instantToMs(point.at));
  const [first, last] = [Math.min(...at), Math.max(...at)];
  // A single one stands in the middle of an hour.
  const beside = Math.max(0, 3_600_000 - (last - first)) / 2;
  const [from, to] = [first - beside, last + beside];
  const { label, unit } = definitionOf(figure);
  return {
    title: capital(label),
    unit,
    xName: 'time',
    marks: marksOf(from, to, nowMs),
    from,
    to,
    series: drawn.flatMap(([name, held], color) => seriesOf(name, held, color)),
    events: buildChanges(shown, from, to),
    sayX: (x) => clock(x, nowMs),
    sayY: (y) => say(figure, y),
  };
}

/** As long as this the marks of the charts over time are weeks, and there are too many of them. */
const WEEKS_MS = 35 * 86_400_000;

function marksOf(fromMs: number, toMs: number, nowMs: number): XyView['marks'] {
  const days = toMs - fromMs > 2 * 86_400_000;
  const marks =
    toMs - fromMs > WEEKS_MS
      ? [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => fromMs + share * (toMs - fromMs))
      : timeMarks({ fromMs, toMs }, -new Date(toMs).getTimezoneOffset() * 60_000);
  return marks.map((at) => ({ at, text: days ? dayFormat.format(at) : clock(at, nowMs) }));
}

function seriesOf(name: string, held: readonly HistoryPoint[], color: number): XySeries[] {
  const of = (isClean: boolean): XyPoint[] =>
    held
      .filter((point) => point.isClean === isClean)
      .map(({ at, value }) => ({ x: instantToMs(at), y: value.median, low: value.low, high: value.high }));
  const [clean, tainted] = [of(true), of(false)];
  return [
    ...(clean.length > 0 ? [{ name, points: clean, looks: 'line' as const, color }] : []),
    ...(tainted.length > 0
      ? [{ name: `${name}, not clean`, points: tainted, looks: 'triangles' as const, color }]
      : []),
  ];
}

/** Changes nearer to each other than this part of the axis are told as one: their words would lie over each other. */
const APART = 0.09;

/** Where hosts were measured with another engine than the time before. */
export function buildChanges(
  points: readonly HistoryPoint[],
  from: number,
  to: number,
): { at: number; text: string }[] {
  const before = new Map<string, string>();
  const changes: { at: number; builds: string[] }[] = [];
  for (const { at, providerId, engineBuild } of points.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    if (engineBuild === null) continue;
    const last = before.get(providerId);
    before.set(providerId, engineBuild);
    if (last === undefined || last === engineBuild) continue;
    const ms = instantToMs(at);
    const near = changes.at(-1);
    if (near && ms - near.at < APART * (to - from)) {
      if (!near.builds.includes(engineBuild)) near.builds.push(engineBuild);
    } else changes.push({ at: ms, builds: [engineBuild] });
  }
  return changes.map(({ at, builds }) => ({ at, text: builds.join(', ') }));
}
