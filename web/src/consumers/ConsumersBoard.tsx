'use client';
import type { Room } from '@boocontrol/contracts';
import { useRouter } from 'next/navigation';
import { lazy, useMemo } from 'react';
import { changedQuery } from '../browser/query';
import { last, rangeChange, rangePhrase, sameRange, type RangeRules } from '../browser/range';
import { fileTime, saveFile } from '../browser/save-file';
import { useRange } from '../browser/use-range';
import { useMedia } from '../browser/media';
import { plural } from '../format/number';
import { serverNow, useIsLost } from '../live';
import { useRooms } from '../live/rooms';
import { PageHead } from '../page/PageHead';
import { useSorting } from '../page/sorting';
import Table from '../page/Table';
import { Awaiting, Button, IconButton, Notice } from '../ui/controls';
import { DownloadIcon } from '../ui/icons';
import { Panel } from '../ui/Panel';
import { consumerColumns } from './columns';
import { consumersCsv } from './csv';
import type { Consumer } from './figures';
import { useConsumers } from './use-consumers';

const OverTime = lazy(() => import('./OverTime'));

const ROOMS: readonly Room[] = ['fleet'];
const RANGE: RangeRules = { fallback: '24h' };
const MOST_ROWS = 16;
const keyOf = ({ source }: Consumer): string => source;

/** Who used the fleet, for how much, and how it went over time. */
export default function ConsumersBoard() {
  useRooms(ROOMS);
  const router = useRouter();
  const [range, setRange] = useRange(RANGE);
  const order = useSorting();
  const isLost = useIsLost();
  const rowPx = useMedia('(pointer: coarse)') ? 40 : 32;
  const { data, error, retry } = useConsumers(range);
  const hrefOf = useMemo(
    () =>
      (source: string): string =>
        // Activity has the same range of its own.
        `/activity/${changedQuery('', { consumer: source, ...rangeChange(range, '24h') })}`,
    [range],
  );
  const columns = useMemo(() => consumerColumns(hrefOf), [hrefOf]);
  const rows = data ?? [];
  return (
    <div className={isLost ? 'stale' : ''}>
      <PageHead
        title="Consumers"
        // On a phone the name of the page keeps its line.
        {...(data ? { note: <span className="max-sm:sr-only">{plural(rows.length, 'consumer')}</span> } : {})}
        range={{ value: range, onChange: setRange }}
      >
        <IconButton
          label="Download these figures (CSV)"
          disabled={rows.length === 0}
          onClick={() =>
            saveFile(
              [consumersCsv(rows)],
              `boocontrol-consumers-${fileTime(serverNow())}.csv`,
              'text/csv;charset=utf-8',
            )
          }
          className="disabled:opacity-50"
        >
          <DownloadIcon className="size-4" />
        </IconButton>
      </PageHead>
      {error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 px-4 pb-3 text-sm text-fg2 md:px-6">
          {data ? 'The sums are as they were told last.' : 'Couldn’t add up the requests.'} {error.message}
          <Button onClick={retry}>Try again</Button>
        </p>
      )}
      {!data && !error && <Awaiting>Adding up the requests of each consumer.</Awaiting>}
      {data && rows.length === 0 && (
        <Notice
          title={`No requests ${rangePhrase(range)}`}
          action={
            !sameRange(range, last('all')) && (
              <Button onClick={() => setRange(last('all'))}>Show all time</Button>
            )
          }
        >
          Whoever sends one is a consumer, by the header X-Boo-Source of the request, or by its User-Agent.
        </Notice>
      )}
      {rows.length > 0 && (
        <div className="flex flex-col gap-6 pb-8">
          <div className="px-4 md:px-6">
            <Panel what="the consumers over time">
              <OverTime range={range} />
            </Panel>
          </div>
          <div
            className="flex flex-col"
            style={{ height: (Math.min(rows.length, MOST_ROWS) + 1) * rowPx + 18 }}
          >
            <Table
              label="Consumers"
              name="consumers"
              rows={rows}
              columns={columns}
              keyOf={keyOf}
              onOpen={({ source }) => router.push(hrefOf(source))}
              order={order}
            />
          </div>
        </div>
      )}
    </div>
  );
}
