const PATTERN = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Nanoseconds since 1970 as Go writes a time in JSON (RFC3339Nano): the fraction loses its trailing zeros,
 * and the offset is the host's own zone, `Z` only when that is zero.
 */
export function formatRfc3339(ns: bigint, utcOffsetMinutes = 0): string {
  const seconds = ns / 1_000_000_000n;
  const fraction = (ns % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  const local = new Date(Number(seconds) * 1000 + utcOffsetMinutes * 60_000).toISOString().slice(0, 19);
  return `${local}${fraction === '' ? '' : `.${fraction}`}${formatOffset(utcOffsetMinutes)}`;
}

/** Nanoseconds since 1970, or undefined where Go's `time.Parse(time.RFC3339, …)` would refuse. */
export function parseRfc3339(text: string): bigint | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, date, time, fraction = '', zone] = match;
  const ms = Date.parse(`${date}T${time}${zone}`);
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

function formatOffset(minutes: number): string {
  if (minutes === 0) return 'Z';
  const total = Math.abs(minutes);
  const hours = String(Math.floor(total / 60)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${hours}:${String(total % 60).padStart(2, '0')}`;
}
