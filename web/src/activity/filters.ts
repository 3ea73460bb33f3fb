import {
  isStatusFilter,
  passesStatus,
  STATUS_FILTERS,
  type ActivityRow,
  type InflightRequest,
} from '@boocontrol/contracts';
import { withQuery, type QueryValue } from '../api/client';
import type { Change } from '../browser/query';
import {
  last,
  rangeChange,
  rangeSpan,
  readRange,
  sameRange,
  type RangeRules,
  type TimeRange,
} from '../browser/range';

/** What can be filtered by: the name in the address bar, in the API and for people. */
export const FACETS = [
  { param: 'host', api: 'providerId', word: 'host' },
  { param: 'model', api: 'model', word: 'model' },
  { param: 'consumer', api: 'source', word: 'consumer' },
  { param: 'path', api: 'reqPath', word: 'path' },
  { param: 'status', api: 'status', word: 'status' },
] as const;
export type Facet = (typeof FACETS)[number]['param'];

/** Sums over all time go over the whole table; nobody should ask for that by opening a page. */
export const RANGE: RangeRules = { fallback: '24h' };

export type FeedFilter = Readonly<Record<Facet, readonly string[]>> & {
  readonly range: TimeRange;
  /** What captured prompts and answers have to say; '': anything. */
  readonly text: string;
};

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
    range: readRange(params, RANGE),
    text: [params.get('text')?.trim() ?? ''].find(isSearchText) ?? '',
  };
}

export const hasFacets = (filter: FeedFilter): boolean =>
  filter.text !== '' || FACETS.some(({ param }) => filter[param].length > 0);
export const isFiltered = (filter: FeedFilter): boolean =>
  !sameRange(filter.range, last(RANGE.fallback)) || hasFacets(filter);

export const withRange = (range: TimeRange): Change => rangeChange(range, RANGE.fallback);
/** All time is the only range that has no beginning. */
export const isAllTime = ({ range }: FeedFilter): boolean => rangeSpan(range, 0).fromMs === null;

export const withValue = (filter: FeedFilter, facet: Facet, value: string): Change => ({
  [facet]: [...new Set([...filter[facet], value])],
});
export const withoutValue = (filter: FeedFilter, facet: Facet, value: string): Change => ({
  [facet]: filter[facet].filter((each) => each !== value),
});
export const withText = (text: string): Change => ({ text: text.trim() || null });
export const noFilter: Change = {
  text: null,
  host: null,
  model: null,
  consumer: null,
  path: null,
  status: null,
  ...rangeChange(last(RANGE.fallback), RANGE.fallback),
};

/** Query of GET /api/activity and /api/activity/totals. */
export function apiQuery(filter: FeedFilter, nowMs: number): Record<string, QueryValue> {
  const { fromMs, toMs } = rangeSpan(filter.range, nowMs);
  return {
    ...Object.fromEntries(FACETS.map(({ param, api }) => [api, filter[param]])),
    text: filter.text || undefined,
    from: fromMs === null ? undefined : new Date(fromMs).toISOString(),
    // A range that ends now is asked without an end: a host whose clock is ahead has rows after it.
    to: filter.range.kind === 'last' ? undefined : new Date(toMs).toISOString(),
  };
}

/** All that the filter lets through, as files. */
export function exportFormats(filter: FeedFilter, nowMs: number): { href: string; text: string }[] {
  const query = apiQuery(filter, nowMs);
  return [
    { format: 'csv', text: 'As a table (CSV)' },
    { format: 'jsonl', text: 'Everything (JSON Lines)' },
    { format: 'md', text: 'As text (Markdown)' },
  ].map(({ format, text }) => ({
    href: `/api${withQuery('/activity/export', { format, ...query })}`,
    text,
  }));
}

function passesStatusOf({ status }: FeedFilter, code: number): boolean {
  return status.length === 0 || passesStatus(status.filter(isStatusFilter), code);
}

const passes = (wanted: readonly string[], value: string): boolean =>
  wanted.length === 0 || wanted.includes(value);

/** Whether a row that comes live belongs to the filter. What it says is not known yet: a search finds it when it is asked again. */
export function matches(
  row: Pick<ActivityRow, 'providerId' | 'model' | 'source' | 'reqPath' | 'statusCode' | 'ts'>,
  filter: FeedFilter,
  nowMs: number,
): boolean {
  const { fromMs, toMs } = rangeSpan(filter.range, nowMs);
  const ms = Date.parse(row.ts);
  return (
    filter.text === '' &&
    passes(filter.host, row.providerId) &&
    passes(filter.model, row.model) &&
    passes(filter.consumer, row.source) &&
    passes(filter.path, row.reqPath) &&
    passesStatusOf(filter, row.statusCode) &&
    (fromMs === null || ms >= fromMs) &&
    (filter.range.kind === 'last' || ms < toMs)
  );
}

/** A request under way has no status yet and belongs to no range of the past, so both leave it out. */
export function matchesRunning(providerId: string, request: InflightRequest, filter: FeedFilter): boolean {
  return (
    filter.range.kind === 'last' &&
    filter.status.length === 0 &&
    filter.text === '' &&
    passes(filter.host, providerId) &&
    passes(filter.model, request.model) &&
    (request.sourceKnown === false
      ? filter.consumer.length === 0
      : passes(filter.consumer, request.source)) &&
    passes(filter.path, request.reqPath)
  );
}
