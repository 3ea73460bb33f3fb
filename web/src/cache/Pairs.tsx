'use client';
import type { CacheRates } from '@boocontrol/contracts';
import { useState } from 'react';
import { useQuery } from '../browser/query';
import { compact, count } from '../format/number';
import { WithinLink } from '../page/WithinLink';
import { Button } from '../ui/controls';
import { viewHref } from './address';
import { hitRate, share } from './words';

/** So many at first: those with the most tokens. */
const FIRST = 8;

/** The rate of each consumer with each model; each opens itself alone. */
export function Pairs({ rates: { series, leftOut } }: { rates: CacheRates }) {
  const [query] = useQuery();
  const [all, setAll] = useState(false);
  if (series.length === 0) return null;
  return (
    <section aria-labelledby="cache-pairs" className="min-w-0">
      <h2 id="cache-pairs" className="mb-2 text-base font-semibold">
        By consumer and model
      </h2>
      <ul className="divide-y rounded-lg border text-sm">
        {(all ? series : series.slice(0, FIRST)).map((each) => {
          const { source, model, requests, promptTokens, cacheTokens } = each;
          const rate = hitRate(cacheTokens, promptTokens);
          return (
            <li key={`${source} ${model}`}>
              <WithinLink
                href={viewHref(query, 'overview', { consumer: source, model })}
                className="grid grid-cols-[minmax(0,1fr)_4.5rem_3rem] items-center gap-x-3 px-3 py-2 hover:bg-s2"
              >
                <span className="min-w-0">
                  <span className="block truncate">{source}</span>
                  <code className="block truncate font-mono text-xs text-fg2" title={model}>
                    {model}
                  </code>
                </span>
                <span className="h-1 rounded-full bg-s3" aria-hidden>
                  <span className="block h-1 rounded-full bg-accent" style={{ width: `${rate ?? 0}%` }} />
                </span>
                <span className="num text-right font-mono">{share(rate)}</span>
                <span className="num col-span-3 text-xs text-fg3">
                  {count(requests)} requests, {compact(promptTokens)} tokens of prompts
                </span>
              </WithinLink>
            </li>
          );
        })}
      </ul>
      {series.length > FIRST && (
        <Button look="quiet" className="mt-1" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${series.length}`}
        </Button>
      )}
      {all && leftOut > 0 && <p className="text-xs text-fg2">{count(leftOut)} more are left out.</p>}
    </section>
  );
}
