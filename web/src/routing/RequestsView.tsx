'use client';
import { useMemo } from 'react';
import { useQuery } from '../browser/query';
import { last, rangePhrase, rangeSpan } from '../browser/range';
import { useDrawer } from '../browser/use-drawer';
import { count } from '../format/number';
import { useIsLost, useLive } from '../live';
import { PageHead } from '../page/PageHead';
import { useSorting } from '../page/sorting';
import Table from '../page/Table';
import { Button } from '../ui/controls';
import { REQUEST_COLUMNS } from './columns';
import { DispatchFilters } from './DispatchFilters';
import { hasFacets, noFacets, readFilter, withRange } from './filters';
import { NoRequests } from './NoRequests';
import { RequestDrawer } from './RequestDrawer';
import { requestRows, underWay, type RequestRow } from './rows';
import { RoutingViews } from './RoutingViews';
import { TotalsLine } from './TotalsLine';
import { useRequests } from './use-requests';

const keyOf = ({ id }: RequestRow): string => id;

/** Requests to /v1: those under way on top, below what became of the others. */
export default function RequestsView() {
  const [query, setQuery] = useQuery();
  const filter = useMemo(() => readFilter(query), [query]);
  const requests = useRequests(filter);
  const { facts, cursor, error, older, retry } = requests;
  const routing = useLive((state) => state.routing);
  const live = useMemo(() => underWay(routing, filter), [routing, filter]);
  const rows = useMemo(() => requestRows(live, facts), [live, facts]);
  const drawer = useDrawer('dispatch');
  const order = useSorting();
  const lost = useIsLost();
  const isAllTime = rangeSpan(filter.range, 0).fromMs === null;
  const total = routing?.gateways.reduce((sum, { inflightTotal }) => sum + inflightTotal, 0) ?? 0;
  return (
    <>
      <PageHead
        title="Routing"
        note={total === 0 ? undefined : `${count(total)} under way`}
        filters={<RoutingViews />}
        range={{ value: filter.range, onChange: (range) => setQuery(withRange(range)) }}
        below={
          <>
            <DispatchFilters filter={filter} rows={rows} setQuery={setQuery} />
            <TotalsLine filter={filter} />
          </>
        }
      />
      <div className={`flex min-h-96 flex-1 flex-col ${lost ? 'stale' : ''}`}>
        <Table
          label="Requests to /v1, newest first"
          name="dispatches"
          rows={rows}
          columns={REQUEST_COLUMNS}
          keyOf={keyOf}
          onOpen={({ id }) => drawer.open(id)}
          onEnd={older}
          order={order}
          empty={
            <NoRequests
              loading={cursor === undefined}
              error={error}
              filtered={hasFacets(filter)}
              onRetry={retry}
              onClear={() => setQuery(noFacets)}
              range={isAllTime ? null : rangePhrase(filter.range)}
              onAllTime={() => setQuery(withRange(last('all')))}
            />
          }
        />
        {error && rows.length > 0 && (
          <p
            role="status"
            className="flex flex-wrap items-center justify-center gap-3 border-t bg-s2 px-4 py-1.5 text-sm"
          >
            Couldn&apos;t load {facts.length > 0 ? 'older' : 'past'} requests. {error.message}
            <Button onClick={retry}>Try again</Button>
          </p>
        )}
      </div>
      {drawer.opened !== null && (
        <RequestDrawer
          key={drawer.opened}
          id={drawer.opened}
          live={routing?.gateways.flatMap(({ inflight }) => inflight).find(({ id }) => id === drawer.opened)}
          fact={facts.find(({ id }) => id === drawer.opened)}
          onClose={drawer.close}
        />
      )}
    </>
  );
}
