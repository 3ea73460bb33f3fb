import { definitionOf, type BenchCell, type FigureKey } from '@boocontrol/contracts';
import type { XyPoint, XySeries, XyView } from '../charts/xy';
import { count } from '../format/number';
import { capital } from '../format/text';
import { say } from './figures';
import { loadSize } from './grid';
import { loadWords, shapeWords } from './words';

/** What a curve goes along. */
type Along = 'load' | 'prompt';

const xOf = (along: Along, { spec }: BenchCell): number =>
  along === 'load' ? loadSize(spec.load) : spec.promptTokens;

/** What all points of one line have in common. */
const lineOf = (along: Along, { spec }: BenchCell): string =>
  along === 'load'
    ? shapeWords(spec)
    : [
        `${count(spec.outputTokens)} out`,
        ...(spec.depth > 0 ? [`${count(spec.depth)} cached`] : []),
        loadWords(spec.load),
      ].join(', ');

/**
 * A figure along the load or the length of the prompt; places have the same distance, whatever lies between their
 * numbers. null: there are not two places.
 * @param name before the lines, where several runs are drawn
 */
export function curveOf(
  runs: readonly { name: string; cells: readonly BenchCell[] }[],
  figure: FigureKey,
  along: Along,
): XyView | null {
  const withFigure = runs.map(({ name, cells }) => ({
    name,
    cells: cells.filter((cell) => cell.figures[figure] !== undefined),
  }));
  const xs = [...new Set(withFigure.flatMap(({ cells }) => cells.map((cell) => xOf(along, cell))))].toSorted(
    (a, b) => a - b,
  );
  if (xs.length < 2) return null;
  const { label, unit } = definitionOf(figure);
  const series = withFigure.flatMap(({ name, cells }) => seriesOf(cells, figure, along, xs, name));
  return {
    title: capital(label),
    unit,
    xName: along === 'load' ? loadName(withFigure.flatMap(({ cells }) => cells)) : 'prompt tokens',
    marks: xs.map((x, at) => ({ at, text: count(x) })),
    from: -0.25,
    to: xs.length - 0.75,
    series: series.map((each, color) => ({ ...each, color })),
    sayY: (y) => say(figure, y),
  };
}

const loadName = (cells: readonly BenchCell[]): string => {
  const kinds = new Set(cells.map(({ spec }) => spec.load.kind));
  return kinds.has('open') ? 'requests a second' : kinds.has('replay') ? 'speed' : 'requests at once';
};

function seriesOf(
  cells: readonly BenchCell[],
  figure: FigureKey,
  along: Along,
  xs: readonly number[],
  name: string,
): Omit<XySeries, 'color'>[] {
  const lines = new Map<string, XyPoint[]>();
  for (const cell of cells) {
    const summary = cell.figures[figure];
    if (!summary) continue;
    const key = [name, lineOf(along, cell)].filter(Boolean).join(': ');
    const point = {
      x: xs.indexOf(xOf(along, cell)),
      y: summary.median,
      low: summary.low,
      high: summary.high,
    };
    lines.set(key, [...(lines.get(key) ?? []), point]);
  }
  return [...lines].map(([line, points]) => ({
    name: line,
    points: points.toSorted((a, b) => a.x - b.x),
    looks: 'line',
  }));
}
