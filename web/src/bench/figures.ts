import { definitionOf, type FigureKey, type Figures, type Summary } from '@boocontrol/contracts';
import { count, NONE, rate, reading } from '../format/number';

/** In the order in which people ask for them. */
export const SHOWN: readonly FigureKey[] = [
  'ttftMs',
  'genTps',
  'tokensPerS',
  'tpotMs',
  'promptTps',
  'e2eMs',
  'requestsPerS',
  'goodputPerS',
  'hostGenTps',
  'hostPromptTps',
];

/** A value without its unit; – where nothing was measured, never 0. */
export function say(figure: FigureKey, value: number | null | undefined): string {
  if (value == null) return NONE;
  const { unit } = definitionOf(figure);
  if (unit === 'requests/s') return value < 10 ? value.toFixed(2) : rate(value);
  if (unit === 'tokens/s' || unit === '%') return rate(value);
  if (unit === 'ms') return reading(value, 1);
  return count(value);
}

/** "61.2 tokens/s" */
export const sayWhole = (figure: FigureKey, value: number | null | undefined): string =>
  value == null ? NONE : `${say(figure, value)} ${definitionOf(figure).unit}`;

/** "60.1 to 62.4"; null: there is none. */
export const interval = (figure: FigureKey, { low, high }: Pick<Summary, 'low' | 'high'>): string | null =>
  low === null || high === null ? null : `${say(figure, low)} to ${say(figure, high)}`;

/** Which figures any of these has, those that people ask for first. */
export function figuresIn(all: readonly Figures[]): FigureKey[] {
  const there = new Set(all.flatMap((figures) => Object.keys(figures) as FigureKey[]));
  return SHOWN.filter((figure) => there.has(figure));
}

/** What the address names, where it is shown at all. */
export const figureOf = (text: string | null, offered: readonly FigureKey[]): FigureKey | null =>
  offered.find((figure) => figure === text) ?? offered[0] ?? null;
