import type { Instant } from '@boocontrol/contracts';

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?(Z|z|[+-]\d{2}:\d{2})$/;

/**
 * Any RFC 3339 instant in UTC with exactly six decimals; finer digits are cut off, never rounded, so that the same
 * host timestamp always gives the same key. null when the text is no instant.
 */
export function toInstant(text: string): Instant | null {
  const match = RFC3339.exec(text);
  if (!match || !isDate(match[1] ?? '')) return null;
  const [, date, time, fraction = '', zone = 'Z'] = match;
  const ms = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (!Number.isFinite(ms)) return null;
  const utc = new Date(ms);
  if (utc.getUTCFullYear() < 1 || utc.getUTCFullYear() > 9999) return null;
  return `${utc.toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}

/** Date.parse takes 30 February for 2 March. */
function isDate(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(date);
}

/**
 * @param ms Unix milliseconds; fractions are kept to the microsecond
 * @throws {RangeError} when `ms` is no number or beyond what a Date holds (±8.64e15)
 */
export function instantFromMs(ms: number): Instant {
  const micros = Math.floor((ms - Math.floor(ms)) * 1000);
  return `${new Date(Math.floor(ms)).toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}Z`;
}

/** Unix milliseconds of an instant, its microseconds cut off; NaN when the text is no instant. */
export function instantToMs(instant: Instant): number {
  return Date.parse(instant);
}

/** The later of two instants. They all have one form and one zone, so their order is the order of their text. */
export function laterOf(a: Instant, b: Instant): Instant {
  return a >= b ? a : b;
}
