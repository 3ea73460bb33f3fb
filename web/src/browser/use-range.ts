'use client';
import { useCallback, useMemo } from 'react';
import { useQuery } from './query';
import { RANGE_PARAMS, rangeChange, readRange, type RangeRules, type TimeRange } from './range';

/** The time range of the page, which is in its address. `rules` must be the same object at every render. */
export function useRange(rules: RangeRules): [TimeRange, (range: TimeRange) => void] {
  const [query, setQuery] = useQuery();
  const text = RANGE_PARAMS.flatMap((name) =>
    query.has(name) ? [`${name}=${encodeURIComponent(query.get(name) ?? '')}`] : [],
  ).join('&');
  // The object stays the same while the address says the same.
  const range = useMemo(() => readRange(new URLSearchParams(text), rules), [text, rules]);
  const set = useCallback(
    (next: TimeRange) => setQuery(rangeChange(next, rules.fallback)),
    [setQuery, rules],
  );
  return [range, set];
}
