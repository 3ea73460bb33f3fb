import type { ActivityRow, InflightRequest } from '@boocontrol/contracts';
import type { QueryValue } from '../api/client';
import type { Change } from '../live/query';

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
] as const;
export type SpanName = (typeof SPANS)[number]['name'];

export type FeedFilter = Readonly<Record<Facet, readonly string[]>> & { readonly span: SpanName | null };

export const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;

/** What the API takes as most values of one facet. */
const MOST = 64;

export function readFilter(params: URLSearchParams): FeedFilter {
  const list = (facet: Facet): string[] => [...new Set(params.getAll(facet))].slice(0, MOST);
  const classes: readonly string[] = STATUS_CLASSES;
  return {
    host: list('host').filter((id) => /^[a-z0-9-]{1,63}$/.test(id)),
    model: list('model'),
    consumer: list('consumer'),
    path: list('path'),
    status: list('status').filter((status) => classes.includes(status)),
    span: SPANS.find(({ name }) => name === params.get('span'))?.name ?? null,
  };
}

export const isFiltered = (filter: FeedFilter): boolean =>
  filter.span !== null || FACETS.some(({ param }) => filter[param].length > 0);

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
  const span = SPANS.find(({ name }) => name === filter.span);
  return {
    ...Object.fromEntries(FACETS.map(({ param, api }) => [api, filter[param]])),
    from: span ? new Date(nowMs - span.ms).toISOString() : undefined,
  };
}

const passes = (wanted: readonly string[], value: string): boolean =>
  wanted.length === 0 || wanted.includes(value);

export function matches(
  row: Pick<ActivityRow, 'providerId' | 'model' | 'source' | 'reqPath' | 'statusCode' | 'ts'>,
  filter: FeedFilter,
  nowMs: number,
): boolean {
  const span = SPANS.find(({ name }) => name === filter.span);
  return (
    passes(filter.host, row.providerId) &&
    passes(filter.model, row.model) &&
    passes(filter.consumer, row.source) &&
    passes(filter.path, row.reqPath) &&
    passes(filter.status, `${Math.floor(row.statusCode / 100)}xx`) &&
    (!span || Date.parse(row.ts) >= nowMs - span.ms)
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
