'use client';
import type { CacheRates } from '@boocontrol/contracts';
import { useMemo, useRef, type ReactNode } from 'react';
import { useKeys } from '../browser/keys';
import { goWithin, useQuery } from '../browser/query';
import { rangeChange, type TimeRange } from '../browser/range';
import { hostName } from '../control/names';
import { useLive } from '../live';
import { PageHead } from '../page/PageHead';
import { Select, type Option } from '../page/Select';
import { ViewChoice } from '../page/ViewChoice';
import { FALLBACK, PRESETS, viewHref, viewOf, VIEWS, type CacheFilter } from './address';
import { useCache } from './use-cache';

const plain = (value: string): Option => ({ value, label: value });

interface CacheHeadProps {
  filter: CacheFilter;
  note?: string | undefined;
  /** Further choices of the view. */
  children?: ReactNode;
}

/** Name, views, time range, and whose requests are counted; each choice is in the address. */
export function CacheHead({ filter, note, children }: CacheHeadProps) {
  const [query, setQuery] = useQuery();
  const choices = useRef<HTMLDivElement>(null);
  useKeys({ '/': () => choices.current?.querySelector('select')?.focus() });
  const { data } = useCache<CacheRates>('rates', { ...filter, source: null, model: null, host: null });
  const providers = useLive((state) => state.providers);
  const named = useMemo(() => {
    const of = (name: 'source' | 'model'): Option[] =>
      [...new Set((data?.series ?? []).map((each) => each[name]))].toSorted().map(plain);
    return { consumers: of('source'), models: of('model') };
  }, [data]);
  const choose = (name: string) => (value: string | null) => setQuery({ [name]: value }, true);
  const setRange = (range: TimeRange): void => setQuery(rangeChange(range, FALLBACK), true);
  return (
    <PageHead
      title="Prompt cache"
      note={note}
      filters={
        <ViewChoice
          label="What is shown"
          views={VIEWS}
          value={viewOf(query.get('what'))}
          onChange={(view) => goWithin(viewHref(query, view))}
        />
      }
      range={{ value: filter.range, onChange: setRange, presets: PRESETS }}
      below={
        <div
          ref={choices}
          role="group"
          aria-label="Filters"
          className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center"
        >
          <Select
            label="Only this consumer"
            all="All consumers"
            value={filter.source}
            options={named.consumers}
            onChange={choose('consumer')}
          />
          <Select
            label="Only this model"
            all="All models"
            value={filter.model}
            options={named.models}
            onChange={choose('model')}
          />
          <Select
            label="Only this host"
            all="All hosts"
            value={filter.host}
            options={(providers ?? []).map(({ id }) => ({ value: id, label: hostName(id) }))}
            onChange={choose('host')}
          />
          {children}
        </div>
      }
    />
  );
}
