'use client';
import type { EChartsType } from 'echarts/core';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { theme } from '../browser/theme';
import { connect, init } from './engine';
import { chartOption } from './option';
import { readPalette } from './palette';
import type { Band, ChartView, Tick } from './prepare';
import type { Range } from './range';

interface ChartProps {
  view: ChartView;
  range: Range;
  bands: readonly Band[];
  ticks: readonly Tick[];
  /** Charts of one group share their crosshair. */
  group: string;
}

/** A chart over time. This file pulls in ECharts: import it lazily. */
export function Chart({ view, range, bands, ticks, group }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const look = useSyncExternalStore(subscribeLook, lookNow, () => 'dark');
  // External system: the chart that ECharts keeps in the box, and the box's size.
  useEffect(() => {
    if (!box.current) return undefined;
    const made = init(box.current);
    made.group = group;
    connect(group);
    chart.current = made;
    const resized = new ResizeObserver(() => made.resize());
    resized.observe(box.current);
    return () => {
      resized.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [group]);
  useEffect(() => {
    const aria = { enabled: true, decal: { show: false } };
    chart.current?.setOption(
      { ...chartOption(view, { range, bands, ticks, palette: readPalette() }), aria },
      { notMerge: true },
    );
  }, [view, range, bands, ticks, group, look]);
  return <div ref={box} className="h-36" />;
}

const lookNow = (): string => document.documentElement.dataset['theme'] ?? 'dark';

function subscribeLook(listener: () => void): () => void {
  const stop = theme.subscribe(listener);
  const system = matchMedia('(prefers-color-scheme: light)');
  system.addEventListener('change', listener);
  return () => {
    stop();
    system.removeEventListener('change', listener);
  };
}
