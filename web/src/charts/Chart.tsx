'use client';
import { useCallback } from 'react';
import { Drawing } from './Drawing';
import { dataOption, frameOption } from './option';
import type { Palette } from './palette';
import type { Range } from './range';
import type { ChartView } from './views';

interface ChartProps {
  view: ChartView;
  range: Range;
  /** Names of series that are switched off. */
  hidden: ReadonlySet<string>;
}

/** The lines of one chart over time. This file pulls in ECharts: import it lazily. */
export default function Chart({ view, range, hidden }: ChartProps) {
  const data = useCallback(
    (palette: Palette) => dataOption(view, range, palette, hidden),
    [view, range, hidden],
  );
  return <Drawing frame={frameOption} data={data} />;
}
