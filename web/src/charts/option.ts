import type { EChartsCoreOption } from 'echarts/core';
import { SERIES_COLORS, type Palette } from './palette';
import type { Range } from './range';
import type { ChartView } from './views';

/** Of every plot on the page, in pixels: they share one time axis. */
export const PLOT = { left: 44, right: 8 } as const;

/** What does not change while points are appended. */
export function frameOption(palette: Palette): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: 'Inter Variable, sans-serif', fontSize: 11 },
    grid: { ...PLOT, top: 6, bottom: 6 },
    xAxis: {
      type: 'time',
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      axisLabel: { color: palette.fg3, formatter: tickText },
      splitLine: { lineStyle: { color: palette.line } },
    },
  };
}

/** Of a value axis: four steps of a top like 1.2 are no round numbers to a computer. */
export const tickText = (value: number): string => `${Number(value.toPrecision(6))}`;

/** The axes' ends and the lines of those series that are not switched off. */
export function dataOption(
  { series, top }: ChartView,
  range: Range,
  palette: Palette,
  hidden: ReadonlySet<string>,
): EChartsCoreOption {
  return {
    xAxis: { min: range.fromMs, max: range.toMs },
    yAxis: { max: top, interval: top / 4 },
    series: series.flatMap(({ name, points }, index) =>
      hidden.has(name)
        ? []
        : [
            {
              id: name,
              type: 'line',
              ...pointsOption(points),
              silent: true,
              // Past the pixels of the plot.
              sampling: 'lttb',
              color: palette.series[index % SERIES_COLORS],
              lineStyle: { width: 1.5, type: index < SERIES_COLORS ? 'solid' : [4, 3] },
              areaStyle: { opacity: series.length > 1 ? 0 : 0.1 },
            },
          ],
    ),
  };
}

/** A point without another beside it is no line: it is drawn as a dot. */
function pointsOption(points: ChartView['series'][number]['points']): EChartsCoreOption {
  const isNone = (at: number): boolean => (points[at]?.[1] ?? null) === null;
  const isLone = (at: number): boolean => !isNone(at) && isNone(at - 1) && isNone(at + 1);
  if (!points.some((_point, at) => isLone(at))) return { data: points, showSymbol: false };
  const dot = { symbol: 'circle', symbolSize: 5 };
  return {
    data: points.map((point, at) => (isLone(at) ? { value: point, ...dot } : point)),
    symbol: 'none',
    showSymbol: true,
    showAllSymbol: true,
  };
}
