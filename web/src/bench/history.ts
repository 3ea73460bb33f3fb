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
  const suites = new Set(points.map(({ suiteName }) => suiteName));
  const cells = new Set(points.map(({ cell }) => cell));
  for (const point of points) {
    const name = [
      nameOf(point.providerId),
      ...(suites.size > 1 ? [point.suiteName] : []),
      ...(cells.size > 1 ? [point.cell] : []),
    ].join(', ');
    lines.set(name, [...(lines.get(name) ?? []), point]);
  }
  const drawn = [...lines].sort(([, a], [, b]) => b.length - a.length).slice(0, MOST_LINES);
  const shown = drawn.flatMap(([, held]) => held);
  const at = shown.map((point) => instantToMs(point.at));
  const from = Math.min(...at);
  const to = Math.max(...at, from + 3_600_000);
  const { label, unit } = definitionOf(figure);
  return {
    title: capital(label),
    unit,
    xName: 'time',
    marks: timeMarks({ fromMs: from, toMs: to }, -new Date(to).getTimezoneOffset() * 60_000).map((ms) => ({
      at: ms,
      text: to - from > 2 * 86_400_000 ? dayFormat.format(ms) : clock(ms, nowMs),
    })),
    from,
    to,
    series: drawn.flatMap(([name, held], color) => seriesOf(name, held, color)),
    events: buildChanges(shown, nameOf),
    sayX: (x) => clock(x, nowMs),
    sayY: (y) => say(figure, y),
  };
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

/** Where a host was measured with another engine than the time before; the same of several hosts is told once a day. */
export function buildChanges(
  points: readonly HistoryPoint[],
  nameOf: (providerId: string) => string,
): { at: number; text: string }[] {
  const before = new Map<string, string>();
  const changes: { at: number; text: string }[] = [];
  const hosts = new Set(points.map(({ providerId }) => providerId));
  for (const { at, providerId, engineBuild } of points.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    if (engineBuild === null) continue;
    const last = before.get(providerId);
    before.set(providerId, engineBuild);
    if (last === undefined || last === engineBuild) continue;
    changes.push({
      at: instantToMs(at),
      text: hosts.size > 1 ? `${engineBuild}, ${nameOf(providerId)}` : engineBuild,
    });
  }
  return changes;
}
