'use client';
import type { Gaps, Room } from '@boocontrol/contracts';
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useGaps } from '../api/history';
import type { Rows } from '../api/pages';
import type { Resource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { serverNow, useLive, useTick } from '../live';
import { rowKeys, useKeys } from '../browser/keys';
import { usePrinting } from '../browser/printing';
import { useQuery } from '../browser/query';
import { last, rangePhrase, rangeSpan } from '../browser/range';
import { useDrawer } from '../browser/use-drawer';
import { count } from '../format/number';
import { PageHead } from '../page/PageHead';
import { useRooms } from '../live/rooms';
import { ExportButton } from '../runs/ExportButton';
import { Awaiting, Button } from '../ui/controls';
import { ArrowUpIcon, PauseIcon, PlayIcon } from '../ui/icons';
import { ActivityViews } from './ActivityViews';
import { FilterBar } from './FilterBar';
import { cancelRequest } from './FeedCells';
import type { FeedListHandle } from './FeedList';
import {
  apiQuery,
  exportFormats,
  hasFacets,
  isAllTime,
  noFilter,
  readFilter,
  withRange,
  type FeedFilter,
} from './filters';
import { runningItems, unlistedNotes, withGaps, type FeedItem } from './rows';
import { NoRows } from './NoRows';
import { UnknownHosts } from './UnknownHosts';
import { VIEW_PARAM } from './story/address';
import { searchedWords } from './searched-words';
import { PrintedFeed } from './PrintedFeed';
import { TotalsLine } from './TotalsLine';
import { useFeed } from './use-feed';
import { useFrozen, useHold } from './use-hold';
import { useKnown } from './use-known';

const FeedList = lazy(() => import('./FeedList'));
const CaptureDrawer = lazy(() => import('./CaptureDrawer'));

const ROOMS: readonly Room[] = ['fleet', 'activity'];
const GAPS_EVERY_MS = 30_000;
/** The beginning of the range moves on in these steps, so that the question stays the same. */
const GAPS_STEP_MS = 3_600_000;
const NO_HOSTS = {};
/** What only the drawer reads of the address. */
const DRAWER_OWNS = [VIEW_PARAM];

export default function ActivityBoard() {
  useRooms(ROOMS);
  const [query, setQuery] = useQuery();
  const filter = useMemo(() => readFilter(query), [query]);
  const [feed, store] = useFeed(filter);
  const providers = useLive((state) => state.providers);
  const hosts = useLive(({ fleet }) => fleet?.hosts) ?? NO_HOSTS;
  const nameOf = useCallback(
    (id: string) => providers.find((provider) => provider.id === id)?.label ?? id,
    [providers],
  );
  const hold = useHold(store);
  const knownGaps = useGapsOf(filter);
  const gaps = useFrozen(knownGaps.data, !feed.following, hold.letIns);

  const running = useMemo(() => runningItems(providers, hosts, filter), [providers, hosts, filter]);
  const notes = useMemo(() => unlistedNotes(providers, hosts, filter), [providers, hosts, filter]);
  const top = useMemo<readonly FeedItem[]>(() => [...running, ...notes], [running, notes]);
  const shownTop = useFrozen(top, !feed.following, hold.letIns);
  // The hosts change with every fact, what runs on them seldom: the rows are drawn anew only then.
  const runningKeys = running.map(({ key }) => key).join('\n');
  const runningNow = useMemo(() => new Set(runningKeys.split('\n')), [runningKeys]);
  const isEnded = useCallback((key: string) => !runningNow.has(key), [runningNow]);
  const items = useMemo<readonly FeedItem[]>(() => {
    const nowMs = serverNow();
    // What was found says nothing of what lies between.
    const wanted = (filter.text === '' ? (gaps?.rows ?? []) : []).filter(
      ({ providerId }) => filter.host.length === 0 || filter.host.includes(providerId),
    );
    return [
      ...shownTop,
      ...withGaps(feed.rows, wanted, {
        complete: feed.cursor === null,
        toldFrom: gaps?.complete === false && filter.text === '' ? (gaps.rows.at(-1)?.fromTs ?? null) : null,
        fromMs: rangeSpan(filter.range, nowMs).fromMs,
        nameOf,
        nowMs,
      }),
    ];
  }, [shownTop, feed.rows, feed.cursor, gaps, filter, nameOf]);

  const drawer = useDrawer('open', DRAWER_OWNS);
  const { opened, open: openDrawer } = drawer;
  // All that lies between the rows comes with them: nothing is put in above what is already read.
  const isKnown =
    (knownGaps.data ?? knownGaps.error) !== null && (feed.cursor !== undefined || feed.rows.length > 0);
  const isListed = items.length > 0 && isKnown;
  const list = useRef<FeedListHandle>(null);
  const input = useRef<HTMLInputElement>(null);
  const [selectedKey, setSelectedKey] = useState<string | null>(opened);
  const selected = selectedKey === null ? -1 : items.findIndex(({ key }) => key === selectedKey);

  const open = useCallback(
    (key: string) => {
      setSelectedKey(key);
      openDrawer(key);
    },
    [openDrawer],
  );
  const select = (index: number): void => {
    const item = items[Math.max(0, Math.min(items.length - 1, index))];
    if (!item) return;
    setSelectedKey(item.key);
    list.current?.show(items.indexOf(item));
    if (opened && item.kind === 'row') drawer.swap(item.key);
  };
  const letIn = (): void => {
    hold.set('paused', false);
    hold.letIn();
    list.current?.toTop();
  };
  const togglePause = (): void => {
    if (hold.isPaused) letIn();
    else hold.set('paused', true);
  };
  useKeys({
    ...rowKeys((by) => select(selected + by)),
    Enter: () => {
      const item = items[selected];
      if (item?.kind === 'row') open(item.key);
    },
    x: () => {
      const item = items[selected];
      if (item?.kind === 'running' && !isEnded(item.key)) cancelRequest(item);
    },
    '/': () => input.current?.focus(),
    Escape: () => {
      if (opened) return drawer.close();
      setSelectedKey(null);
      hold.set('focus', false);
    },
    ' ': togglePause,
  });
  const known = useKnown(providers, hosts, feed.rows);
  const printing = usePrinting();

  return (
    <div className="flex h-full flex-col">
      <PageHead
        title="Activity"
        filters={
          <>
            <ActivityViews />
            <FilterBar filter={filter} known={known} setQuery={setQuery} input={input} />
          </>
        }
        range={{ value: filter.range, onChange: (range) => setQuery(withRange(range)) }}
        below={
          <>
            <TotalsLine filter={filter} />
            {filter.text !== '' && isListed && (
              <p role="status" className="text-xs text-fg3">
                {searchedWords(feed.searched, serverNow())}
              </p>
            )}
          </>
        }
      >
        <ExportButton formats={exportFormats(filter, serverNow())} />
        <Button onClick={togglePause} aria-pressed={hold.isPaused} title="Space">
          {hold.isPaused ? <PlayIcon className="size-4" /> : <PauseIcon className="size-4" />}
          {hold.isPaused ? 'Follow' : 'Pause'}
        </Button>
      </PageHead>
      <UnknownHosts query={query} setQuery={setQuery} />
      <div className="relative flex min-h-0 flex-1 flex-col">
        {feed.held.length > 0 && (
          // Over the names of the columns, on a phone beside the sums; never over a row that may be aimed at.
          <Button
            look="primary"
            onClick={letIn}
            className="absolute top-0.5 left-1/2 z-10 h-6! -translate-x-1/2 rounded-full! shadow-(--shadow) max-sm:-top-8 max-sm:right-4 max-sm:left-auto max-sm:translate-x-0 max-sm:after:absolute max-sm:after:inset-x-0 max-sm:after:-top-4 max-sm:after:bottom-0"
          >
            <ArrowUpIcon className="size-4" />
            {count(feed.held.length)} new
          </Button>
        )}
        {printing && <PrintedFeed items={items} nameOf={nameOf} />}
        {isListed ? (
          <Suspense fallback={<Awaiting>Loading the list.</Awaiting>}>
            <FeedList
              items={items}
              isSearch={filter.text !== ''}
              selected={selected}
              nameOf={nameOf}
              isEnded={isEnded}
              onOpen={open}
              hold={hold.set}
              onEnd={store.older}
              handle={list}
            />
          </Suspense>
        ) : (
          <NoRows
            loading={(feed.loading && !feed.answered) || !isKnown}
            error={feed.error}
            filtered={hasFacets(filter)}
            searched={filter.text === '' ? null : searchedWords(feed.searched, serverNow())}
            onRetry={store.retry}
            onClear={() => setQuery(noFilter)}
            range={isAllTime(filter) ? null : rangePhrase(filter.range)}
            onAllTime={() => setQuery(withRange(last('all')))}
          />
        )}
        {feed.error && isListed && (
          <p
            role="status"
            className="flex items-center justify-center gap-3 border-t bg-s2 px-4 py-1.5 text-sm"
          >
            Couldn&apos;t load older requests. {feed.error.message}
            <Button onClick={store.retry}>Try again</Button>
          </p>
        )}
      </div>
      {opened && (
        <Suspense>
          <CaptureDrawer openKey={opened} nameOf={nameOf} onClose={drawer.close} />
        </Suspense>
      )}
    </div>
  );
}

/** The gaps of the time range. */
function useGapsOf(filter: FeedFilter): Resource<Rows<Gaps['gaps'][number]>> {
  const stepMs = useTick((nowMs) => Math.floor(nowMs / GAPS_STEP_MS) * GAPS_STEP_MS);
  const { from, to } = apiQuery(filter, stepMs);
  return useKept(useGaps({ from, to }, GAPS_EVERY_MS), JSON.stringify(filter.range));
}
