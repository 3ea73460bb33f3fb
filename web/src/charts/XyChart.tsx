'use client';
import type { EChartsCoreOption } from 'echarts/core';
import { useCallback } from 'react';
import { Drawing } from './Drawing';
import { PLOT, tickText } from './option';
import { SERIES_COLORS, type Palette } from './palette';
import { topOf, type XySeries, type XyView } from './xy';

interface XyChartProps {
  view: XyView;
  /** Names of series that are switched off. */
  hidden: ReadonlySet<string>;
}

/** Past so many points a line has none of them marked. */
const MARKED_MOST = 60;

/** Figures over an axis of their own, with their intervals. This file pulls in ECharts: import it lazily. */
export default function XyChart({ view, hidden }: XyChartProps) {
  const data = useCallback((palette: Palette) => option(view, palette, hidden), [view, hidden]);
  return <Drawing frame={frame} data={data} />;
}

function frame(palette: Palette): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: 'Inter Variable, sans-serif', fontSize: 11 },
    grid: { ...PLOT, top: 8, bottom: 22 },
    xAxis: {
      type: 'value',
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { color: palette.fg3, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: 0,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: palette.fg3, formatter: tickText },
      splitLine: { lineStyle: { color: palette.line } },
    },
  };
}

function option(
  { series, marks, from, to, counts }: XyView,
  palette: Palette,
  hidden: ReadonlySet<string>,
): EChartsCoreOption {
  const top = topOf(series, counts);
  const texts = new Map(marks.map(({ at, text }) => [at, text]));
  return {
    xAxis: {
      min: from,
      max: to,
      axisLabel: {
        customValues: marks.map(({ at }) => at),
        formatter: (value: number) => texts.get(value) ?? '',
      },
    },
    yAxis: { max: top, interval: top / 4 },
    series: series
      .filter(({ name }) => !hidden.has(name))
      .flatMap((each) => drawn(each, palette.series[each.color % SERIES_COLORS] ?? palette.fg3)),
  };
}

function drawn({ name, points, looks, color: index }: XySeries, color: string): object[] {
  const isLine = looks === 'line';
  const common = { type: 'line', silent: true, color, animation: false };
  const whiskers = points.flatMap(({ x, low, high }) =>
    low == null || high == null
      ? []
      : [
          [x, low],
          [x, high],
          [x, null],
        ],
  );
  return [
    {
      ...common,
      id: name,
      data: points.map(({ x, y }) => [x, y]),
      showSymbol: !isLine || points.length <= MARKED_MOST,
      showAllSymbol: true,
      symbol: looks === 'triangles' ? 'triangle' : 'circle',
      symbolSize: isLine ? 5 : looks === 'dots' ? 4 : 7,
      itemStyle: { opacity: looks === 'dots' ? 0.55 : 1 },
      lineStyle: isLine
        ? { width: 1.5, type: index < SERIES_COLORS ? 'solid' : [4, 3] }
        : { width: 0, opacity: 0 },
    },
    ...(whiskers.length > 0
      ? [
          {
            ...common,
            id: `${name} interval`,
            data: whiskers,
            showSymbol: false,
            lineStyle: { width: 1, opacity: 0.7 },
          },
        ]
      : []),
  ];
}
