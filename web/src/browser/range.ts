import { clock } from '../format/time';
import type { Change } from './query';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Ranges that end now. `stepMs`: how often what is drawn over them is worth asking again. */
export const PRESETS = [
  { name: '15m', text: 'last 15 min', short: '15 min', ms: 15 * MINUTE_MS, stepMs: 5_000 },
  { name: '1h', text: 'last hour', short: '1 h', ms: HOUR_MS, stepMs: 15_000 },
  { name: '6h', text: 'last 6 h', short: '6 h', ms: 6 * HOUR_MS, stepMs: 30_000 },
  { name: '24h', text: 'last 24 h', short: '24 h', ms: DAY_MS, stepMs: MINUTE_MS },
  { name: '7d', text: 'last 7 days', short: '7 d', ms: 7 * DAY_MS, stepMs: 5 * MINUTE_MS },
  { name: '30d', text: 'last 30 days', short: '30 d', ms: 30 * DAY_MS, stepMs: 15 * MINUTE_MS },
  { name: 'all', text: 'all time', short: 'all', ms: null, stepMs: 15 * MINUTE_MS },
] as const;
export type PresetName = (typeof PRESETS)[number]['name'];

/** The time range of a page: one of the presets, or from one instant (inclusive) to another (exclusive), Unix ms. */
export type TimeRange =
  { readonly kind: 'last'; readonly name: PresetName } | ({ readonly kind: 'between' } & Span);

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export const last = (name: PresetName): TimeRange => ({ kind: 'last', name });

/** The parameters of the address that say it. */
export const RANGE_PARAMS = ['range', 'span', 'from', 'to'] as const;

const presetOf = (name: string | null) => PRESETS.find((preset) => preset.name === name);

/** `range=1h`, or `from=…&to=…`; nonsense, and what the page does not offer, is the page's own range. */
export function readRange(
  params: URLSearchParams,
  { fallback, presets = PRESETS.map(({ name }) => name) }: RangeRules,
): TimeRange {
  const [fromMs, toMs] = [instantMs(params.get('from')), instantMs(params.get('to'))];
  if (fromMs !== null && toMs !== null && fromMs < toMs) return { kind: 'between', fromMs, toMs };
  // `span` is what addresses said before there was one time range for all pages.
  const named = presetOf(params.get('range') ?? params.get('span'));
  return last(named && presets.includes(named.name) ? named.name : fallback);
}

export interface RangeRules {
  /** What the page shows when its address names no range. */
  fallback: PresetName;
  /** What the page offers; absent: all. */
  presets?: readonly PresetName[];
}

/** Years 1970 to 9999, as /api takes them. */
const LAST_MS = Date.UTC(9999, 0);

function instantMs(text: string | null): number | null {
  const ms = text === null ? Number.NaN : Date.parse(text);
  return ms >= 0 && ms < LAST_MS ? ms : null;
}

/** The address bar names the range only where it is not the page's own. */
export function rangeChange(range: TimeRange, fallback: PresetName): Change {
  const none: Change = { range: null, span: null, from: null, to: null };
  if (range.kind === 'last') return range.name === fallback ? none : { ...none, range: range.name };
  return { ...none, from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() };
}

/** Where it begins and ends; null: it has no beginning. */
export function rangeSpan(range: TimeRange, nowMs: number): { fromMs: number | null; toMs: number } {
  if (range.kind === 'between') return range;
  const ms = presetOf(range.name)?.ms ?? null;
  return { fromMs: ms === null ? null : nowMs - ms, toMs: nowMs };
}

/** How often what is drawn over it is worth asking again; null: it has ended and does not change. */
export function rangeStepMs(range: TimeRange): number | null {
  return range.kind === 'between' ? null : (presetOf(range.name)?.stepMs ?? null);
}

/** "last hour", "21 Nov 12:00 to 13:30", for the middle of a sentence. */
export function rangeText(range: TimeRange): string {
  if (range.kind === 'last') return presetOf(range.name)?.text ?? '';
  const { fromMs, toMs } = range;
  return `${clock(fromMs, 0)} to ${clock(toMs, fromMs)}`;
}

/** "in the last hour", "from 21 Nov 12:00 to 13:30", for the end of a sentence. */
export function rangePhrase(range: TimeRange): string {
  if (range.kind === 'between') return `from ${rangeText(range)}`;
  return presetOf(range.name)?.ms === null ? 'so far' : `in the ${rangeText(range)}`;
}

export const sameRange = (a: TimeRange, b: TimeRange): boolean =>
  a.kind === 'last'
    ? b.kind === 'last' && a.name === b.name
    : b.kind === 'between' && a.fromMs === b.fromMs && a.toMs === b.toMs;
