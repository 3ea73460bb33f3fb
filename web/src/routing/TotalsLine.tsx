'use client';
import type { DispatchTotals } from '@boocontrol/contracts';
import { withQuery } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { rangeSpan, rangeText } from '../browser/range';
import { count, duration, plural, spoken } from '../format/number';
import { capital } from '../format/text';
import { useTick } from '../live';
import { apiQuery, type DispatchFilter } from './filters';

const EVERY_MS = 10_000;
/** The sums of all time go over the whole table. */
const EVERY_UNBOUNDED_MS = 30_000;
/** The beginning of a time range moves on in these steps, so that the question stays the same for a while. */
const STEP_MS = 60_000;

const LINE = 'flex h-5 gap-x-4 text-xs whitespace-nowrap max-sm:h-10 max-sm:flex-wrap max-sm:content-start';

/** Sums over everything that the filter lets through, loaded or not. */
export function TotalsLine({ filter }: { filter: DispatchFilter }) {
  const stepMs = useTick((nowMs) => Math.floor(nowMs / STEP_MS) * STEP_MS);
  const path = withQuery('/routing/dispatches/totals', apiQuery(filter, stepMs));
  const isUnbounded = rangeSpan(filter.range, 0).fromMs === null;
  const { data, error } = useKept(
    useResource<DispatchTotals>(path, isUnbounded ? EVERY_UNBOUNDED_MS : EVERY_MS),
    JSON.stringify(filter),
  );
  const range = capital(rangeText(filter.range));
  if (error)
    return (
      <p role="status" className={`${LINE} text-fg2`}>
        <span className="truncate" title={error.message}>
          {range}: couldn&apos;t add up the requests.
        </span>
        <button
          type="button"
          className="text-accent hover:underline pointer-coarse:-my-3 pointer-coarse:py-3"
          onClick={() => refresh(path)}
        >
          Try again
        </button>
      </p>
    );
  if (!data) return <p className={`${LINE} text-fg3`}>{range}: adding up…</p>;
  const { requests, failovers, failed, incomplete, firstContentMsP50, firstContentMsP95 } = data;
  if (requests === 0) return <p className={`${LINE} text-fg3`}>{range}: no finished requests</p>;
  return (
    <p className={`num overflow-hidden text-fg2 ${LINE}`} aria-label="Totals of this filter">
      <span className="text-fg3">{range}</span>
      <span className="text-fg">{plural(requests, 'request')}</span>
      {failovers > 0 && <span>{count(failovers)} failed over</span>}
      {failed > 0 && <span className="text-error">{count(failed)} failed</span>}
      {incomplete > 0 && <span className="text-error">{count(incomplete)} cut off</span>}
      {firstContentMsP50 !== null && (
        <span title="Time to the first content of the answer: of half of the requests, and of 95 of 100">
          first content p50 {spoken(duration(firstContentMsP50))}, p95 {spoken(duration(firstContentMsP95))}
        </span>
      )}
    </p>
  );
}
