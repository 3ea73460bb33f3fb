import type { Span } from './span';

const TENTHS_UNTIL_MS = 100_000;

/** When it was, counted from the request's begin: "+1.2 s", "−0.4 s", "+3:20". */
export function sinceBegin(ms: number, { beginMs }: Pick<Span, 'beginMs'>): string {
  const away = Math.abs(ms - beginMs);
  const sign = ms < beginMs ? '−' : '+';
  if (away < TENTHS_UNTIL_MS) return `${sign}${(away / 1_000).toFixed(1)} s`;
  const s = Math.round(away / 1_000);
  const [h, min] = [Math.floor(s / 3_600), Math.floor(s / 60) % 60];
  const rest = String(s % 60).padStart(2, '0');
  return `${sign}${h > 0 ? `${h}:${String(min).padStart(2, '0')}` : min}:${rest}`;
}
