'use client';
import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { theme } from '../browser/theme';
import { useIsLost } from '../live';
import { init } from './engine';
import { readPalette, type Palette } from './palette';

interface DrawingProps {
  /** What stays while data come: grid and axes. The same function at every render. */
  frame: (palette: Palette) => EChartsCoreOption;
  /** Another function when there is something else to draw. */
  data: (palette: Palette) => EChartsCoreOption;
}

/** The one place where the chart library draws. It fills its box, follows the theme, and is printed in the light colours. Import it lazily. */
export function Drawing({ frame, data }: DrawingProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const look = useSyncExternalStore(subscribeLook, lookNow, () => 'dark');
  const lost = useIsLost();
  // External system: the chart that ECharts keeps in the box, and the box's size.
  useEffect(() => {
    if (!box.current) return undefined;
    const made = init(box.current);
    made.setOption(frame(readPalette(box.current)));
    chart.current = made;
    const resized = new ResizeObserver(() => made.resize());
    resized.observe(box.current);
    return () => {
      resized.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [frame, look, lost]);
  useEffect(() => {
    if (!box.current) return;
    // Merged into what is drawn: axes stay, lines get their new points.
    chart.current?.setOption(data(readPalette(box.current)), { replaceMerge: ['series'], lazyUpdate: true });
  }, [frame, data, look, lost]);
  useEffect(() => {
    // External system: the printer, which takes what is drawn when the event is over. Paper has the light colours.
    const redraw = (): void => {
      if (!box.current) return;
      const palette = readPalette(box.current);
      chart.current?.setOption(frame(palette));
      chart.current?.setOption(data(palette), { replaceMerge: ['series'] });
    };
    addEventListener('beforeprint', redraw);
    addEventListener('afterprint', redraw);
    return () => {
      removeEventListener('beforeprint', redraw);
      removeEventListener('afterprint', redraw);
    };
  }, [frame, data]);
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
