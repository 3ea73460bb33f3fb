'use client';
import type { EChartsType } from 'echarts/core';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { theme } from '../browser/theme';
import { useIsLost } from '../live';
import { init } from './engine';
import { dataOption, frameOption } from './option';
import { readPalette } from './palette';
import type { Range } from './range';
import type { ChartView } from './views';

interface ChartProps {
  view: ChartView;
  range: Range;
  /** Names of series that are switched off. */
  hidden: ReadonlySet<string>;
}

/** The lines of one chart. This file pulls in ECharts: import it lazily. */
export default function Chart({ view, range, hidden }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const look = useSyncExternalStore(subscribeLook, lookNow, () => 'dark');
  const lost = useIsLost();
  // External system: the chart that ECharts keeps in the box, and the box's size.
  useEffect(() => {
    if (!box.current) return undefined;
    const made = init(box.current);
    made.setOption(frameOption(readPalette(box.current)));
    chart.current = made;
    const resized = new ResizeObserver(() => made.resize());
    resized.observe(box.current);
    return () => {
      resized.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [look, lost]);
  useEffect(() => {
    if (!box.current) return;
    // Merged into what is drawn: axes stay, lines get their new points.
    chart.current?.setOption(dataOption(view, range, readPalette(box.current), hidden), {
      replaceMerge: ['series'],
      lazyUpdate: true,
    });
  }, [view, range, hidden, look, lost]);
  useEffect(() => {
    // External system: the printer, which takes what is drawn when the event is over. Paper has the light colours.
    const redraw = (): void => {
      if (!box.current) return;
      const palette = readPalette(box.current);
      chart.current?.setOption(frameOption(palette));
      chart.current?.setOption(dataOption(view, range, palette, hidden), { replaceMerge: ['series'] });
    };
    addEventListener('beforeprint', redraw);
    addEventListener('afterprint', redraw);
    return () => {
      removeEventListener('beforeprint', redraw);
      removeEventListener('afterprint', redraw);
    };
  }, [view, range, hidden]);
  return <div ref={box} data-chart className="h-full" />;
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
