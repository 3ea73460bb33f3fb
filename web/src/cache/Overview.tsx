'use client';
import type { CacheRates, CacheTotals } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { refresh } from '../api/resource';
import { useQuery } from '../browser/query';
import { rangePhrase } from '../browser/range';
import { useIsLost } from '../live';
import { Awaiting, Button, Notice } from '../ui/controls';
import { readFilter } from './address';
import { CacheHead } from './CacheHead';
import { Causes } from './Causes';
import { Costliest } from './Costliest';
import { NoCache } from './NoCache';
import { Pairs } from './Pairs';
import { RatesChart } from './RatesChart';
import { Sums } from './Sums';
import { useCache } from './use-cache';

/** The rate over time, what stood in its way by what it cost, and whose requests it was. */
export default function Overview({ onDrift }: { onDrift: (id: string) => void }) {
  const [query] = useQuery();
  const filter = useMemo(() => readFilter(query), [query]);
  const totals = useCache<CacheTotals>('totals', filter);
  const rates = useCache<CacheRates>('rates', filter);
  const lost = useIsLost();
  const error = totals.error ?? rates.error;
  const again = (): void => {
    refresh(totals.path);
    refresh(rates.path);
  };
  const [sums, series] = [totals.data, rates.data];
  const isEmpty = sums !== null && sums.requests + sums.sessions + sums.causes.length === 0;
  return (
    <div className={lost ? 'stale' : ''}>
      <CacheHead filter={filter} />
      {error && !(sums && series) && (
        <Notice title="Couldn’t load the prompt cache" action={<Button onClick={again}>Try again</Button>}>
          {error.message}
        </Notice>
      )}
      {!error && !(sums && series) && <Awaiting>Adding up the prompts {rangePhrase(filter.range)}.</Awaiting>}
      {sums && series && isEmpty && <NoCache filter={filter} />}
      {sums && series && !isEmpty && (
        <div className="flex flex-col gap-8 px-4 pb-8 md:px-6">
          {error && (
            <p role="alert" className="flex flex-wrap items-center gap-3 text-sm text-fg2">
              This is as it was told last. {error.message}
              <Button onClick={again}>Try again</Button>
            </p>
          )}
          <Sums totals={sums} />
          <RatesChart rates={series} />
          <div className="grid gap-8 xl:grid-cols-2">
            <Causes totals={sums} range={filter.range} />
            <Pairs rates={series} />
          </div>
          {sums.causes.length > 0 && <Costliest filter={filter} onDrift={onDrift} />}
        </div>
      )}
    </div>
  );
}
