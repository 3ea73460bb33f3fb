const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** A figure and its unit apart, because the unit is drawn small and dim. */
export interface Quantity {
  value: string;
  unit: string;
}
export const NONE = '–';

export const count = (n: number | null | undefined): string => (n == null ? NONE : plain.format(n));

/** 950, 12.3K, 4.56M. */
export const compact = (n: number | null | undefined): string =>
  n == null ? NONE : Math.abs(n) < 1000 ? plain.format(n) : short.format(n);

/** Tokens per second: one decimal below 100, none where there is nothing. */
export const rate = (n: number | null | undefined): string =>
  n == null ? NONE : n !== 0 && Math.abs(n) < 99.95 ? oneDigit.format(n) : plain.format(n);

export const percent = (n: number | null | undefined): string => (n == null ? NONE : plain.format(n));

/** A figure among others of its kind: so many decimals below 100, 17.0 beside 14.4. */
export const reading = (n: number | null, digits: 0 | 1): string =>
  n === null ? NONE : (digits === 1 && Math.abs(n) < 99.95 ? oneDigit : plain).format(n);

/** Megabytes (1024² as the hosts count them) as gigabytes. */
export const gigabytes = (mb: number | null | undefined): string => {
  if (mb == null) return NONE;
  const gb = mb / 1024;
  return gb < 99.95 ? oneDigit.format(gb) : plain.format(gb);
};

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export function bytes(n: number | null | undefined): Quantity {
  if (n == null) return { value: NONE, unit: '' };
  let size = Math.max(0, n);
  let step = 0;
  while (size >= 999.5 && step < BYTE_UNITS.length - 1) {
    size /= 1000;
    step += 1;
  }
  return {
    value: step === 0 || size >= 99.95 ? plain.format(size) : oneDigit.format(size),
    unit: BYTE_UNITS[step] ?? 'B',
  };
}

export function duration(ms: number | null | undefined): Quantity {
  if (ms == null) return { value: NONE, unit: '' };
  if (ms < 999.5) return { value: plain.format(ms), unit: 'ms' };
  if (ms < 99_950) return { value: oneDigit.format(ms / 1000), unit: 's' };
  if (ms < 3_600_000)
    return { value: `${Math.floor(ms / 60_000)}:${pad(Math.floor(ms / 1000) % 60)}`, unit: 'min' };
  return { value: `${Math.floor(ms / 3_600_000)}:${pad(Math.floor(ms / 60_000) % 60)}`, unit: 'h' };
}

export const spoken = ({ value, unit }: Quantity): string => (unit ? `${value} ${unit}` : value);

/** Context sizes as people say them: 4096 is 4k, 131072 is 128k, 1048576 is 1M. */
export function contextSize(tokens: number | null): string | null {
  if (tokens == null || tokens <= 0) return null;
  if (tokens >= 1024 * 1024) return `${trim(tokens / (1024 * 1024))}M`;
  return tokens >= 1024 ? `${trim(tokens / 1024)}k` : plain.format(tokens);
}

const pad = (n: number): string => String(n).padStart(2, '0');
const trim = (n: number): string => n.toFixed(1).replace(/\.0$/, '');

export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;
