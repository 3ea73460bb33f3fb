import type { Instant } from '@boocontrol/contracts';

export interface HostTime {
  /** As the host wrote it, its nanoseconds and offset kept: for questions back to that host. */
  text: string;
  /** Since 1970, for exact comparison. */
  epochNs: bigint;
  /** UTC, truncated to microseconds. */
  instant: Instant;
}

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** An instant as a host writes it (Go's RFC3339Nano, any offset); null for anything else, and for years out of 1970 to 9999. */
export function hostTime(text: unknown): HostTime | null {
  if (typeof text !== 'string') return null;
  const match = RFC3339.exec(text);
  if (!match) return null;
  const [, date, clock, fraction = '', sign, hours = '0', minutes = '0'] = match;
  const wholeMs = Date.parse(`${date}T${clock}Z`);
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const utcMs = wholeMs - offsetMs;
  if (!Number.isFinite(utcMs) || utcMs < 0 || utcMs > Date.UTC(9999, 11, 31)) return null;
  const nanos = fraction.slice(0, 9).padEnd(9, '0');
  return {
    text,
    epochNs: BigInt(utcMs) * 1_000_000n + BigInt(nanos),
    instant: `${new Date(utcMs).toISOString().slice(0, 19)}.${nanos.slice(0, 6)}Z`,
  };
}
