'use client';
import type { Totals } from '@boocontrol/contracts';
import { withQuery } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { rangeText } from '../browser/range';
import { compact, count, plural, rate } from '../format/number';
import { capital } from '../format/text';
import { useTick } from '../live';
import { apiQuery, isAllTime, type FeedFilter } from './filters';

const EVERY_MS = 10_000;
/** The sums of all time go over months. */
const EVERY_UNBOUNDED_MS = 30_000;
/** The beginning of a time range moves on in these steps, so that the question stays the same for a while. */
const STEP_MS = 60_000;

/** Sums over everything that the filter lets through, loaded or not. */
export function TotalsLine({ filter }: { filter: FeedFilter }) {
  const stepMs = useTick((nowMs) => Math.floor(nowMs / STEP_MS) * STEP_MS);
  const path = withQuery('/activity/totals', apiQuery(filter, stepMs));
  const { data, error } = useKept(
    useResource<Totals>(path, isAllTime(filter) ? EVERY_UNBOUNDED_MS : EVERY_MS),
    JSON.stringify(filter),
  );
  const total = data?.groups[0];
  const range = capital(rangeText(filter.range));
  if (error) {
    return (
      <p role="status" className="flex h-5 items-center gap-2 text-xs text-fg2 max-sm:h-15">
        <span className="truncate" title={error.message}>
          {range}: couldn&apos;t add up the requests.
        </span>
        <button
          type="button"
          className="text-accent hover:underline pointer-coarse:py-3"
          onClick={() => refresh(path)}
        >
          Try again
        </button>
      </p>
    );
  }
  if (!data) return <p className="h-5 text-xs text-fg3 max-sm:h-15">{range}: adding up…</p>;
  const promptTokens = total ? (total.promptTokens ?? total.inputTokens) : 0;
  if (!total || total.requests === 0)
    return <p className="h-5 text-xs text-fg3 max-sm:h-15">{range}: no finished requests</p>;
  return (
    <p
      className="num flex h-5 gap-x-4 overflow-hidden text-xs whitespace-nowrap text-fg2 max-sm:h-15 max-sm:flex-wrap max-sm:content-start max-sm:leading-5"
      aria-label="Totals of this filter"
    >
      <span className="text-fg3">{range}</span>
      <span className="text-fg">{plural(total.requests, 'request')}</span>
      {total.errors > 0 && <span className="text-error">{count(total.errors)} failed</span>}
      <span>{compact(promptTokens)} prompt tokens</span>
      {total.cacheTokens > 0 && promptTokens > 0 && (
        <span title="Hit rate: the share of prompt tokens that came from the KV cache">
          {compact(total.cacheTokens)} from cache ({Math.round((total.cacheTokens / promptTokens) * 100)}%)
        </span>
      )}
      <span>{compact(total.outputTokens)} generated</span>
      {total.genTps !== null && <span>{rate(total.genTps)} tok/s on average</span>}
    </p>
  );
}
