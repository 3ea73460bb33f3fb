import { readRange, type PresetName, type TimeRange } from '../browser/range';

/** What the page shows; the address names it where it is not the first. */
export const VIEWS = [
  { name: 'overview', text: 'Overview' },
  { name: 'drifts', text: 'Drifts' },
  { name: 'sessions', text: 'Sessions' },
] as const;
export type CacheView = (typeof VIEWS)[number]['name'];

export const viewOf = (what: string | null): CacheView =>
  VIEWS.find(({ name }) => name === what)?.name ?? 'overview';

export const FALLBACK: PresetName = '24h';
export const PRESETS: readonly PresetName[] = ['1h', '6h', '24h', '7d', '30d'];

/** Which requests are counted; null: all. */
export interface CacheFilter {
  range: TimeRange;
  source: string | null;
  model: string | null;
  host: string | null;
}

export const readFilter = (params: URLSearchParams): CacheFilter => ({
  range: readRange(params, { fallback: FALLBACK, presets: PRESETS }),
  source: params.get('consumer'),
  model: params.get('model'),
  host: params.get('host'),
});

export const isFiltered = ({ source, model, host }: CacheFilter): boolean =>
  source !== null || model !== null || host !== null;

export const NO_FILTER = { consumer: null, model: null, host: null };

/** What of the address goes on from one view to another. */
const KEPT = ['consumer', 'model', 'host', 'range', 'from', 'to'] as const;

/** The same requests in another view. */
export function viewHref(
  params: URLSearchParams,
  view: CacheView,
  more: Record<string, string> = {},
): string {
  const next = new URLSearchParams(view === 'overview' ? {} : { what: view });
  for (const name of KEPT) {
    const value = params.get(name);
    if (value !== null) next.set(name, value);
  }
  for (const [name, value] of Object.entries(more)) next.set(name, value);
  const text = next.toString();
  return text ? `/prompt-cache/?${text}` : '/prompt-cache/';
}

/** From anywhere else. */
export const driftHref = (id: string): string => `/prompt-cache/?drift=${encodeURIComponent(id)}`;
export const sessionHref = (session: string): string =>
  `/prompt-cache/?session=${encodeURIComponent(session)}`;
