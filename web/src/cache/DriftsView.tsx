'use client';
import type { PrefixDrift, PrefixDrifts } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { withQuery } from '../api/client';
import { usePages } from '../api/use-pages';
import { useQuery } from '../browser/query';
import { rangePhrase } from '../browser/range';
import { count } from '../format/number';
import { useIsLost } from '../live';
import { Select } from '../page/Select';
import Table from '../page/Table';
import { Awaiting, Button, Notice } from '../ui/controls';
import { isFiltered, NO_FILTER, readFilter } from './address';
import { CacheHead } from './CacheHead';
import { DRIFT_COLUMNS } from './drift-columns';
import { useCacheQuery } from './use-cache';
import { causeOf, CAUSES, causeWords } from './words';

const PAGE_ROWS = 100;
const ORDERS = [
  { value: 'newest', label: 'Newest first' },
  { value: 'cost', label: 'Costliest first' },
] as const;
const OPTIONS = CAUSES.map((value) => ({ value, label: causeWords(value).name }));

const keyOf = ({ id }: PrefixDrift): string => id;
const rowsOf = ({ drifts }: PrefixDrifts): readonly PrefixDrift[] => drifts;

/** Every prompt that changed before its end, or was not in the cache though it did not. */
export default function DriftsView({ onDrift }: { onDrift: (id: string) => void }) {
  const [query, setQuery] = useQuery();
  const filter = useMemo(() => readFilter(query), [query]);
  const cause = causeOf(query.get('cause'));
  const order = query.get('order') === 'cost' ? 'cost' : 'newest';
  const question = withQuery('/prompt-cache/drifts', {
    ...useCacheQuery(filter),
    cause: cause ?? undefined,
    order,
    limit: PAGE_ROWS,
  });
  const pages = usePages(question, JSON.stringify([filter, cause, order]), rowsOf);
  const { rows, isKnown, error, cursor, older, retry } = pages;
  const lost = useIsLost();
  const note = isKnown ? `${count(rows.length)}${cursor === null ? '' : ' and more'}` : undefined;
  const isNarrow = isFiltered(filter) || cause !== null;
  return (
    <>
      <CacheHead filter={filter} note={note}>
        <Select
          label="Only this cause"
          all="All causes"
          value={cause}
          options={OPTIONS}
          onChange={(value) => setQuery({ cause: value }, true)}
        />
        <Select
          label="In which order"
          value={order}
          options={ORDERS}
          onChange={(value) => setQuery({ order: value === 'cost' ? value : null }, true)}
        />
      </CacheHead>
      {error && rows.length > 0 && (
        <p role="alert" className="flex flex-wrap items-center gap-3 px-4 pb-2 text-sm text-fg2 md:px-6">
          Couldn’t load more. {error.message}
          <Button onClick={retry}>Try again</Button>
        </p>
      )}
      <div className={`flex min-h-96 flex-1 flex-col ${lost || !isKnown ? 'stale' : ''}`}>
        <Table
          label={`Drifts and misses, ${order === 'cost' ? 'costliest' : 'newest'} first`}
          name="cache-drifts"
          rows={rows}
          columns={DRIFT_COLUMNS}
          keyOf={keyOf}
          onOpen={({ id }) => onDrift(id)}
          onEnd={older}
          empty={
            error ? (
              <Notice title="Couldn’t load the drifts" action={<Button onClick={retry}>Try again</Button>}>
                {error.message}
              </Notice>
            ) : !isKnown ? (
              <Awaiting>Loading the drifts.</Awaiting>
            ) : (
              <Notice
                title={`Nothing was lost ${rangePhrase(filter.range)}`}
                action={
                  isNarrow && (
                    <Button onClick={() => setQuery({ ...NO_FILTER, cause: null })}>Clear the filters</Button>
                  )
                }
              >
                {isNarrow
                  ? 'None fits these filters.'
                  : 'Every prompt began with the whole of the one before it, and was still in the cache, as far as requests were seen.'}
              </Notice>
            )
          }
        />
      </div>
    </>
  );
}
