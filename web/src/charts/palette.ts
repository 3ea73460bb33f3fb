/** How many series have a colour of their own; the next ones take them again, dashed. */
export const SERIES_COLORS = 8;

/** The token of a series' colour. */
export const seriesToken = (index: number): string => `--series-${(index % SERIES_COLORS) + 1}`;

/** The tokens as colours a canvas understands, read when a chart is drawn, so that it follows the theme. */
export interface Palette {
  series: string[];
  fg3: string;
  line: string;
}

/** @param element whose tokens count: they are dimmed where what is shown is stale */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (token: string): string => {
    if (!context) return '#888888';
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = style.getPropertyValue(token);
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
    return `rgb(${r}, ${g}, ${b})`;
  };
  return {
    series: Array.from({ length: SERIES_COLORS }, (_, index) => rgb(seriesToken(index))),
    fg3: rgb('--fg-3'),
    line: rgb('--line'),
  };
}
