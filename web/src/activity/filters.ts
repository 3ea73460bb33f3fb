import {
  isStatusFilter,
  passesStatus,
  STATUS_FILTERS,
  type ActivityRow,
  type InflightRequest,
} from '@boocontrol/contracts';
import type { QueryValue } from '../api/client';
import type { Change } from '../browser/query';

/** What can be filtered by: the name in the address bar, in the API and for people. */
export const FACETS = [
  { param: 'host', api: 'providerId', word: 'host' },
  { param: 'model', api: 'model', word: 'model' },
  { param: 'consumer', api: 'source', word: 'consumer' },
  { param: 'path', api: 'reqPath', word: 'path' },
  { param: 'status', api: 'status', word: 'status' },
] as const;
export type Facet = (typeof FACETS)[number]['param'];

export const SPANS = [
  { name: '15m', text: 'last 15 min', ms: 900_000 },
  { name: '1h', text: 'last hour', ms: 3_600_000 },
  { name: '24h', text: 'last 24 h', ms: 86_400_000 },
  { name: '7d', text: 'last 7 days', ms: 604_800_000 },
  { name: 'all', text: 'all time', ms: null },
] as const;
type SpanName = (typeof SPANS)[number]['name'];
/** Sums over all time go over the whole table; nobody should ask for that by opening a page. */
const DEFAULT_SPAN: SpanName = '24h';

export type FeedFilter = Readonly<Record<Facet, readonly string[]>> & { readonly span: SpanName };

/** Outcomes and classes of statuses, as the API takes them. */
export const STATUS_CLASSES = STATUS_FILTERS;

/** What the API takes as most values of one facet. */
const MOST = 64;

/** Whether the API takes a value: one that it refuses would fail the whole question. */
const IS_VALUE: Record<Facet, (value: string) => boolean> = {
  host: (id) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(id) && id !== 'constructor',
  model: (id) => id !== '' && isSearchText(id),
  consumer: (source) => /^[a-z0-9][a-z0-9._-]{0,63}$/.test(source),
  path: isSearchText,
  status: isStatusFilter,
};

function isSearchText(text: string): boolean {
  return text.length <= 256 && !text.includes('\0');
}

/** What the address bar asks for; nonsense in it is left out. */
export function readFilter(params: URLSearchParams): FeedFilter {
  const list = (facet: Facet): string[] =>
    [...new Set(params.getAll(facet))].filter(IS_VALUE[facet]).slice(0, MOST);
  return {
    host: list('host'),
    model: list('model'),
    consumer: list('consumer'),
    path: list('path'),
    status: list('status'),
    span: SPANS.find(({ name }) => name === params.get('span'))?.name ?? DEFAULT_SPAN,
  };
}

export const hasFacets = (filter: FeedFilter): boolean =>
  FACETS.some(({ param }) => filter[param].length > 0);
export const isFiltered = (filter: FeedFilter): boolean => filter.span !== DEFAULT_SPAN || hasFacets(filter);

/** The address bar names the time range only when it is not the default. */
export const withSpan = (name: string): Change => ({ span: name === DEFAULT_SPAN ? null : name });

/** Where the time range begins; null: it has no beginning. */
export function spanFromMs(filter: FeedFilter, nowMs: number): number | null {
  const ms = SPANS.find(({ name }) => name === filter.span)?.ms ?? null;
  return ms === null ? null : nowMs - ms;
}
export const spanText = (filter: FeedFilter): string =>
  SPANS.find(({ name }) => name === filter.span)?.text ?? '';

export const withValue = (filter: FeedFilter, facet: Facet, value: string): Change => ({
  [facet]: [...new Set([...filter[facet], value])],
});
export const withoutValue = (filter: FeedFilter, facet: Facet, value: string): Change => ({
  [facet]: filter[facet].filter((each) => each !== value),
});
export const noFilter: Change = {
  host: null,
  model: null,
  consumer: null,
  path: null,
  status: null,
  span: null,
};

/** Query of GET /api/activity and /api/activity/totals. */
export function apiQuery(filter: FeedFilter, nowMs: number): Record<string, QueryValue> {
  const fromMs = spanFromMs(filter, nowMs);
  return {
    ...Object.fromEntries(FACETS.map(({ param, api }) => [api, filter[param]])),
    from: fromMs === null ? undefined : new Date(fromMs).toISOString(),
  };
}

function passesStatusOf({ status }: FeedFilter, code: number): boolean {
  return status.length === 0 || passesStatus(status.filter(isStatusFilter), code);
}

const passes = (wanted: readonly string[], value: string): boolean =>
  wanted.length === 0 || wanted.includes(value);

export function matches(
  row: Pick<ActivityRow, 'providerId' | 'model' | 'source' | 'reqPath' | 'statusCode' | 'ts'>,
  filter: FeedFilter,
  nowMs: number,
): boolean {
  const fromMs = spanFromMs(filter, nowMs);
  return (
    passes(filter.host, row.providerId) &&
    passes(filter.model, row.model) &&
    passes(filter.consumer, row.source) &&
    passes(filter.path, row.reqPath) &&
    passesStatusOf(filter, row.statusCode) &&
    (fromMs === null || Date.parse(row.ts) >= fromMs)
  );
}

/** A request under way has no status yet, so a filter by status leaves it out. */
export function matchesRunning(providerId: string, request: InflightRequest, filter: FeedFilter): boolean {
  return (
    filter.status.length === 0 &&
    passes(filter.host, providerId) &&
    passes(filter.model, request.model) &&
    passes(filter.consumer, request.source) &&
    passes(filter.path, request.reqPath)
  );
}
