'use client';
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { rowKeys, useKeys } from '../browser/keys';
import { useQuery } from '../browser/query';
import { count } from '../format/number';
import { serverNow, useIsLost, useLive, useMarks } from '../live';
import { PageHead } from '../page/PageHead';
import { Button, IconButton } from '../ui/controls';
import { ArrowUpIcon, DownloadIcon, MarkIcon, PauseIcon, PlayIcon } from '../ui/icons';
import { download } from './download';
import { isFiltered, NO_FILTER, readFilter } from './filters';
import type { Line } from './line';
import { LogFilters } from './LogFilters';
import LogList, { type LogListHandle } from './LogList';
import { HostNotes, KeptLine } from './LogNotes';
import { NoLines } from './NoLines';
import { followed } from './rooms';
import { rowKey } from './rows';
import { useLogDesk } from './use-desk';

const LineDrawer = lazy(() => import('./LineDrawer'));

export default function LogsBoard() {
  const [query, setQuery] = useQuery();
  const filter = useMemo(() => readFilter(query), [query]);
  const isKnown = useLive(({ fleet }) => fleet !== null);
  const providers = useLive((state) => state.providers);
  const marks = useMarks();
  const { hosts, others } = useMemo(
    () => followed(providers, marks, filter.host),
    [providers, marks, filter.host],
  );
  const [view, desk] = useLogDesk(hosts, filter);
  const nameOf = useCallback(
    (id: string) => providers.find((provider) => provider.id === id)?.label ?? id,
    [providers],
  );
  const isLost = useIsLost();
  const list = useRef<LogListHandle>(null);
  const input = useRef<HTMLInputElement>(null);
  const [selectedKey, setSelectedKey] = useState<string | null>(null);
  const [opened, setOpened] = useState<Line | null>(null);
  const { rows } = view;
  const selected = useMemo(
    () => (selectedKey === null ? -1 : rows.findIndex((row) => rowKey(row) === selectedKey)),
    [rows, selectedKey],
  );

  const follow = useCallback(() => {
    setSelectedKey(null);
    desk.follow();
  }, [desk]);
  /** Held by its button: coming down to the end does not let go. */
  const [isHeld, setHeld] = useState(false);
  const togglePause = (): void => {
    setHeld(!view.isPaused);
    if (view.isPaused) follow();
    else desk.pause();
  };
  const onEnd = (isAtEnd: boolean): void => {
    if (!isAtEnd) desk.pause();
    // What was chosen stays where it is until one says otherwise.
    else if (!isHeld && opened === null && selectedKey === null) follow();
  };
  const open = useCallback(
    (line: Line) => {
      desk.pause();
      setSelectedKey(rowKey(line));
      setOpened(line);
    },
    [desk],
  );
  const select = (to: number): void => {
    desk.pause();
    const index = Math.max(0, Math.min(rows.length - 1, to));
    const row = rows[index];
    if (!row) return;
    setSelectedKey(rowKey(row));
    list.current?.show(index);
    if (opened && row.kind === 'line') setOpened(row);
  };
  const mark = (): void => desk.mark(Math.round(serverNow()));
  useKeys({
    ...rowKeys((by) => select((selected < 0 ? rows.length : selected) + by)),
    Home: () => select(0),
    End: () => {
      setHeld(false);
      follow();
    },
    Enter: () => {
      const row = rows[selected];
      if (row?.kind === 'line') open(row);
    },
    m: mark,
    '/': () => input.current?.focus(),
    Escape: () => (opened ? setOpened(null) : setSelectedKey(null)),
    ' ': togglePause,
  });

  const isAnyTail = hosts.some(({ id }) => desk.hasTail(id, 'proxy') || desk.hasTail(id, 'upstream'));
  const awaited = !isKnown
    ? 'fleet'
    : hosts.length > 0 && !isAnyTail
      ? 'tail'
      : view.shown === 0 && view.remaining > 0
        ? 'filter'
        : null;
  const lines = (): Line[] => rows.filter((row) => row.kind === 'line');
  return (
    <div className="flex h-full flex-col">
      <PageHead
        title="Logs"
        filters={
          <LogFilters
            filter={filter}
            hosts={hosts}
            models={view.models}
            problem={view.problem}
            setQuery={setQuery}
            input={input}
          />
        }
        below={<KeptLine view={view} filtered={isFiltered(filter)} />}
      >
        <IconButton
          label="Set a mark (m)"
          disabled={rows.length === 0}
          onClick={mark}
          className="disabled:opacity-50"
        >
          <MarkIcon className="size-4" />
        </IconButton>
        <IconButton
          label="Download the lines shown"
          disabled={view.shown === 0}
          onClick={() => download(lines(), nameOf, serverNow())}
          className="disabled:opacity-50"
        >
          <DownloadIcon className="size-4" />
        </IconButton>
        <Button onClick={togglePause} aria-pressed={view.isPaused} title="Space">
          {view.isPaused ? <PlayIcon className="size-4" /> : <PauseIcon className="size-4" />}
          {view.isPaused ? 'Follow' : 'Pause'}
        </Button>
      </PageHead>
      {view.problem !== null && (
        <p
          id="log-pattern-problem"
          role="status"
          className="border-t bg-busy/8 px-4 py-1.5 text-sm [overflow-wrap:anywhere] md:px-6"
        >
          The text is not used as a regular expression: {view.problem}. Until it is mended no line is left out
          by it.
        </p>
      )}
      <HostNotes hosts={hosts} others={others} wanted={filter.host} />
      <div className={`relative flex min-h-0 flex-1 flex-col ${isLost ? 'stale' : ''}`}>
        {view.shown > 0 ? (
          <LogList
            rows={rows}
            selected={selected}
            hostless={filter.host !== null}
            host={filter.host}
            nameOf={nameOf}
            follows={!view.isPaused}
            onEnd={onEnd}
            onPress={desk.pause}
            onOpen={open}
            handle={list}
          />
        ) : (
          <NoLines
            awaited={awaited}
            hasHosts={hosts.length > 0}
            filtered={isFiltered(filter)}
            only={filter.host !== null && !isFiltered({ ...filter, host: null }) ? nameOf(filter.host) : null}
            onClear={() => setQuery(NO_FILTER)}
          />
        )}
        {view.isPaused && view.since > 0 && (
          <Button
            look="primary"
            onClick={() => {
              setHeld(false);
              follow();
            }}
            className="absolute bottom-3 left-1/2 z-10 -translate-x-1/2 rounded-full! shadow-(--shadow)"
          >
            <ArrowUpIcon className="size-4 rotate-180" />
            {count(view.since)} came since
          </Button>
        )}
      </div>
      {opened && (
        <Suspense>
          <LineDrawer line={opened} nameOf={nameOf} onClose={() => setOpened(null)} />
        </Suspense>
      )}
    </div>
  );
}
