import type { EChartsCoreOption } from 'echarts/core';
import type { Palette } from './palette';
import type { Band, ChartView, Tick } from './prepare';
import type { Range } from './range';
import { timeMarks } from './time-marks';

const clockOf = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayOf = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric' });
const fullOf = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const DAY_MS = 86_400_000;
/** What ECharts draws for one of our charts: time on x, at most five marks an axis, gaps hatched, swaps as ticks. */
export function chartOption(
  view: ChartView,
  {
    range,
    bands,
    ticks,
    palette,
  }: { range: Range; bands: readonly Band[]; ticks: readonly Tick[]; palette: Palette },
): EChartsCoreOption {
  const days = range.toMs - range.fromMs > 2 * DAY_MS;
  return {
    animation: false,
    color: palette.series,
    textStyle: { fontFamily: 'Inter Variable, sans-serif', fontSize: 11 },
    grid: { left: 44, right: 12, top: view.series.length > 1 ? 26 : 12, bottom: 22 },
    legend: {
      show: view.series.length > 1,
      top: 0,
      right: 8,
      itemWidth: 12,
      itemHeight: 2,
      icon: 'rect',
      textStyle: { color: palette.fg2, fontSize: 11 },
      inactiveColor: palette.fg3,
    },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette.lineStrong,
      textStyle: { color: palette.fg, fontSize: 12 },
      axisPointer: { type: 'line', lineStyle: { color: palette.fg3, width: 1 } },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? `${value} ${view.unit}` : '–'),
    },
    xAxis: {
      type: 'time',
      min: range.fromMs,
      max: range.toMs,
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: {
        color: palette.fg3,
        hideOverlap: true,
        customValues: timeMarks(range, -new Date(range.toMs).getTimezoneOffset() * 60_000),
        formatter: (ms: number) => (days ? dayOf : clockOf).format(ms),
      },
      axisPointer: {
        label: { show: false, formatter: ({ value }: { value: number }) => fullOf.format(value) },
      },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: view.max,
      interval: view.max / 4,
      axisLabel: { color: palette.fg3, formatter: (value: number) => `${value}` },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: view.series.map(({ name, points }, index) => ({
      name,
      type: 'line',
      data: points,
      showSymbol: false,
      sampling: 'lttb',
      lineStyle: { width: 1.5 },
      areaStyle: { opacity: view.series.length > 1 ? 0.04 : 0.1 },
      emphasis: { disabled: true },
      ...(index === 0 ? marks(bands, ticks, palette) : {}),
    })),
  };
}

function marks(bands: readonly Band[], ticks: readonly Tick[], palette: Palette): object {
  return {
    markArea: {
      silent: true,
      itemStyle: { color: palette.hatch },
      data: bands.map(({ fromMs, toMs }) => [{ xAxis: fromMs }, { xAxis: toMs }]),
    },
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: palette.fg3, type: [2, 3], width: 1 },
      label: {
        position: 'end',
        verticalAlign: 'top',
        color: palette.fg3,
        fontSize: 10,
        width: 110,
        overflow: 'truncate',
        formatter: ({ name }: { name: string }) => name,
      },
      data: ticks.map(({ ms, text, side }) => ({
        xAxis: ms,
        name: text,
        label:
          side === null
            ? { show: false }
            : { align: side === 'right' ? 'left' : 'right', offset: [side === 'right' ? 4 : -4, 5] },
      })),
    },
  };
}
