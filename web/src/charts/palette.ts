/** The tokens as colours a canvas understands, read when a chart is drawn, so that it follows the theme. */
export interface Palette {
  series: string[];
  fg: string;
  fg2: string;
  fg3: string;
  line: string;
  surface: string;
  lineStrong: string;
  /** Fills gaps. */
  hatch: { image: HTMLCanvasElement; repeat: 'repeat' } | string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
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
    series: ['--accent', '--series-2', '--series-3', '--series-4'].map(rgb),
    fg: rgb('--fg'),
    fg2: rgb('--fg-2'),
    fg3: rgb('--fg-3'),
    line: rgb('--line'),
    lineStrong: rgb('--line-strong'),
    surface: rgb('--surface-3'),
    hatch: hatched(rgb('--line-strong')),
  };
}

const HATCH_PX = 8;

function hatched(color: string): Palette['hatch'] {
  const image = document.createElement('canvas');
  image.width = image.height = HATCH_PX;
  const context = image.getContext('2d');
  if (!context) return color;
  context.strokeStyle = color;
  for (const shift of [-HATCH_PX, 0, HATCH_PX]) {
    context.moveTo(shift, HATCH_PX);
    context.lineTo(shift + HATCH_PX, 0);
  }
  context.stroke();
  return { image, repeat: 'repeat' };
}
