'use client';
import type { CacheTotals } from '@boocontrol/contracts';
import type { ReactNode } from 'react';
import { useQuery } from '../browser/query';
import { compact, count, duration, plural } from '../format/number';
import { WithinLink } from '../page/WithinLink';
import { viewHref } from './address';
import { hitRate } from './words';

/** The figures that the page is about. */
export function Sums({ totals }: { totals: CacheTotals }) {
  const [query] = useQuery();
  const { requests, promptTokens, cacheTokens, lostTokens, lostMs, drifts, misses, sessions } = totals;
  const rate = hitRate(cacheTokens, promptTokens);
  const lost = duration(lostMs);
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:flex sm:flex-wrap sm:gap-x-12">
      <Sum
        name="From the cache"
        value={rate === null ? '–' : `${Math.floor(rate)}`}
        unit={rate === null ? '' : '%'}
      >
        {rate === null
          ? 'no host told how much'
          : `${compact(cacheTokens)} of ${compact(promptTokens)} tokens, ${plural(requests, 'request')}`}
      </Sum>
      <Sum name="Read again" value={compact(lostTokens)} unit="tokens">
        {lostTokens === 0 ? 'nothing that had been there' : 'that the cache would have had'}
      </Sum>
      <Sum name="That took" value={lost.value} unit={lost.unit}>
        of waiting for the first token
      </Sum>
      <Sum name="Drifts and misses" value={count(drifts + misses)} unit="">
        {drifts + misses === 0 ? (
          'every prompt went on from the one before'
        ) : (
          <WithinLink href={viewHref(query, 'drifts')} className="text-accent hover:underline">
            {count(drifts)} changed, {count(misses)} missed
          </WithinLink>
        )}
      </Sum>
      <Sum name="Sessions" value={count(sessions)} unit="">
        <WithinLink href={viewHref(query, 'sessions')} className="text-accent hover:underline">
          show them
        </WithinLink>
      </Sum>
    </dl>
  );
}

interface SumProps {
  name: string;
  value: string;
  unit: string;
  children: ReactNode;
}

function Sum({ name, value, unit, children }: SumProps) {
  return (
    <div className="min-w-0">
      <dt className="eyebrow">{name}</dt>
      <dd>
        <span className="inst text-2xl">{value}</span>
        {unit && <span className="unit">{unit}</span>}
        <span className="block text-xs text-fg2">{children}</span>
      </dd>
    </div>
  );
}
