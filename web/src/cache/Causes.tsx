'use client';
import type { CacheTotals } from '@boocontrol/contracts';
import { useQuery } from '../browser/query';
import { rangePhrase, type TimeRange } from '../browser/range';
import { compact, count, duration, plural, spoken } from '../format/number';
import { WithinLink } from '../page/WithinLink';
import { viewHref } from './address';
import { KindMark } from './marks';
import { causeWords } from './words';

/** What each cause cost, what cost most first; each opens what it counts. */
export function Causes({ totals: { causes }, range }: { totals: CacheTotals; range: TimeRange }) {
  const [query] = useQuery();
  const most = Math.max(1, ...causes.map(({ lostMs }) => lostMs));
  return (
    <section aria-labelledby="cache-causes" className="min-w-0">
      <h2 id="cache-causes" className="mb-2 text-base font-semibold">
        What it cost, by cause
      </h2>
      {causes.length === 0 ? (
        <p className="rounded-lg border px-4 py-3 text-sm text-fg2">
          Every prompt {rangePhrase(range)} began with the whole of the one before it, and what had been read
          was still in the cache. There is nothing to do.
        </p>
      ) : (
        <ul className="divide-y rounded-lg border text-sm">
          {causes.map(({ kind, cause, count: often, sessions, lostTokens, lostMs }) => (
            <li key={cause}>
              <WithinLink
                href={viewHref(query, 'drifts', { cause })}
                title={causeWords(cause).means}
                className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-3 py-2 hover:bg-s2"
              >
                <span className="flex min-w-0 items-center gap-2">
                  <KindMark kind={kind} />
                  <span className="truncate">{causeWords(cause).name}</span>
                </span>
                <span className="num text-right font-mono">{spoken(duration(lostMs))}</span>
                <span className="col-span-2 mt-1 h-1 rounded-full bg-s3" aria-hidden>
                  <span
                    className={`block h-1 rounded-full ${kind === 'drift' ? 'bg-busy' : 'bg-line-strong'}`}
                    style={{ width: `${(100 * lostMs) / most}%` }}
                  />
                </span>
                <span className="num mt-1 text-xs text-fg2">
                  {count(often)} × in {plural(sessions, 'session')}
                </span>
                <span className="num mt-1 text-right text-xs text-fg2">
                  {compact(lostTokens)} tokens read again
                </span>
              </WithinLink>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
