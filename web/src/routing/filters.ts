import type { InflightRoute, RouteFact } from '@boocontrol/contracts';
import type { QueryValue } from '../api/client';
import type { Change } from '../browser/query';
import { rangeChange, rangeSpan, readRange, type RangeRules, type TimeRange } from '../browser/range';

export const RANGE: RangeRules = { fallback: '24h' };

export const OUTCOMES = ['succeeded', 'failed', 'incomplete', 'client_left', 'refused'] as const;

/** Which requests are shown; null: what it is does not matter. */
export interface DispatchFilter {
  readonly policy: string | null;
  readonly consumer: string | null;
  readonly host: string | null;
  readonly asked: string | null;
  readonly outcome: RouteFact['outcome'] | null;
  /** Only those for which more than one attempt was made. */
  readonly over: boolean;
  readonly range: TimeRange;
}

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What the address bar asks for. What /api would refuse is left out: it would fail the whole question. */
export function readFilter(params: URLSearchParams): DispatchFilter {
  const text = (name: string, fits: (value: string) => boolean): string | null => {
    const value = params.get(name);
    return value !== null && fits(value) ? value : null;
  };
  const outcome = params.get('outcome');
  return {
    policy: text('policy', (name) => SLUG.test(name) && name.length <= 32 && name !== 'drift'),
    consumer: text('consumer', (source) => /^[a-z0-9][a-z0-9._-]{0,63}$/.test(source)),
    host: text('host', (id) => SLUG.test(id) && id !== 'constructor'),
    asked: text('asked', (name) => name !== '' && name.length <= 512 && !name.includes('\0')),
    outcome: OUTCOMES.find((each) => each === outcome) ?? null,
    over: params.get('over') === 'yes',
    range: readRange(params, RANGE),
  };
}

export const hasFacets = ({ policy, consumer, host, asked, outcome, over }: DispatchFilter): boolean =>
  over || [policy, consumer, host, asked, outcome].some((value) => value !== null);

export const withRange = (range: TimeRange): Change => rangeChange(range, RANGE.fallback);
export const noFacets: Change = {
  policy: null,
  consumer: null,
  host: null,
  asked: null,
  outcome: null,
  over: null,
};

/** Query of GET /api/routing/dispatches and of its totals. */
export function apiQuery(filter: DispatchFilter, nowMs: number): Record<string, QueryValue> {
  const { policy, consumer, host, asked, outcome, over, range } = filter;
  const { fromMs, toMs } = rangeSpan(range, nowMs);
  return {
    policy: policy ?? undefined,
    source: consumer ?? undefined,
    providerId: host ?? undefined,
    asked: asked ?? undefined,
    outcome: outcome ?? undefined,
    failedOver: over ? 'true' : undefined,
    from: fromMs === null ? undefined : new Date(fromMs).toISOString(),
    to: range.kind === 'last' ? undefined : new Date(toMs).toISOString(),
  };
}

const passes = (wanted: string | null, value: string): boolean => wanted === null || wanted === value;

/** Whether the page of this filter has a request that has just ended. */
export function matches(fact: RouteFact, filter: DispatchFilter, nowMs: number): boolean {
  const { policy, consumer, host, asked, outcome, over, range } = filter;
  const { fromMs, toMs } = rangeSpan(range, nowMs);
  const ms = Date.parse(fact.at);
  return (
    passes(policy, fact.policy?.name ?? 'direct') &&
    passes(consumer, fact.source) &&
    passes(asked, fact.asked) &&
    passes(outcome, fact.outcome) &&
    (host === null || fact.attempts.some(({ providerId }) => providerId === host)) &&
    (!over || fact.attempts.length > 1) &&
    (fromMs === null || ms >= fromMs) &&
    (range.kind === 'last' || ms < toMs)
  );
}

/** Whether it has one that is under way, of which nobody knows yet what becomes of it. */
export function matchesUnderWay(
  request: InflightRoute,
  { policy, consumer, host, asked, outcome, over, range }: DispatchFilter,
): boolean {
  return (
    range.kind === 'last' &&
    outcome === null &&
    passes(policy, request.policy ?? 'direct') &&
    passes(consumer, request.source) &&
    passes(asked, request.asked) &&
    (host === null ||
      request.providerId === host ||
      request.attempts.some(({ providerId }) => providerId === host)) &&
    (!over || request.attempts.length > 0)
  );
}
