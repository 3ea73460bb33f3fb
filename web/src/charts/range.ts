const MINUTE_MS = 60_000;

export const RANGES = [
  { name: '15 min', ms: 15 * MINUTE_MS, refreshMs: 5_000 },
  { name: '1 h', ms: 60 * MINUTE_MS, refreshMs: 15_000 },
  { name: '24 h', ms: 24 * 60 * MINUTE_MS, refreshMs: 60_000 },
  { name: '7 d', ms: 7 * 24 * 60 * MINUTE_MS, refreshMs: 300_000 },
] as const;
export type RangeName = (typeof RANGES)[number]['name'];

export interface Range {
  fromMs: number;
  toMs: number;
}
