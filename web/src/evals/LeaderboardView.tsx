'use client';
import type { Leaderboard, LeaderboardRow } from '@boocontrol/contracts';
import { lazy, Suspense, useMemo } from 'react';
import { refresh, useResource } from '../api/resource';
import { goWithin, useQuery } from '../browser/query';
import { useDrawer } from '../browser/use-drawer';
import { hostName } from '../control/names';
import { plural } from '../format/number';
import { useIsLost } from '../live';
import { useChanges } from '../live/use-jobs';
import { FilterField } from '../page/FilterField';
import { PageHead } from '../page/PageHead';
import { Select } from '../page/Select';
import { useSorting } from '../page/sorting';
import Table from '../page/Table';
import { ExportButton } from '../runs/ExportButton';
import { Awaiting, Button, Notice } from '../ui/controls';
import { PlusIcon } from '../ui/icons';
import { Panel } from '../ui/Panel';
import { runHref } from './address';
import { mainEntry, ranked, rowKey, shownRows, sizeOf, SIZES, suitesOf } from './board';
import { boardColumns } from './board-columns';
import { BOARD, exportHref } from './calls';
import { EvalViews } from './EvalViews';
import { Pair } from './Pair';

const Scatter = lazy(() => import('./Scatter'));
const Launcher = lazy(() => import('./Launcher'));
const CompareDrawer = lazy(() => import('./CompareDrawer'));

const FILTERS = ['category', 'host', 'size', 'text'] as const;
const NO_ROWS: readonly LeaderboardRow[] = [];
/** Rows that a page shows beside the chart without much scrolling; more scroll by themselves. */
const ROW_PX = 32;
const MOST_ROWS = 14;

/** Who is better at what, how sure that is, and what it costs in time and memory. */
export default function LeaderboardView() {
  const [query, setQuery] = useQuery();
  const { data, error } = useResource<Leaderboard>(BOARD);
  useChanges('eval', null, () => refresh(BOARD));
  const asking = useDrawer('ask');
  const comparing = useDrawer('compare');
  const order = useSorting();
  const lost = useIsLost();
  const chosen = query.getAll('row');
  const category = query.get('category');
  const filter = {
    category,
    host: query.get('host'),
    size: sizeOf(query.get('size')),
    text: query.get('text') ?? '',
  };
  const rows = data?.rows ?? NO_ROWS;
  const fitting = shownRows({ rows }, filter, hostName);
  const suites = suitesOf(fitting);
  const picked = query.get('suite');
  const main = suites.find(({ name }) => name === picked)?.name ?? suites[0]?.name ?? null;
  const shown = ranked(fitting, main);
  const choose = (key: string): void => {
    const without = chosen.filter((each) => each !== key);
    // Two are compared; of a third, the first goes.
    setQuery({ row: without.length < chosen.length ? without : [...chosen, key].slice(-2) }, true);
  };
  const columns = useMemo(
    () => boardColumns({ suites, main, chosen, onChoose: choose }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what they are made of, as text
    [JSON.stringify(suites), main, chosen.join('\n')],
  );
  const hosts = [...new Set(rows.map(({ providerId }) => providerId))].map((id) => ({
    value: id,
    label: hostName(id),
  }));
  const isFiltered = FILTERS.some((name) => query.has(name));
  const clear = (): void => setQuery(Object.fromEntries(FILTERS.map((name) => [name, null])));
  const measure = (): void => asking.open('new');
  return (
    <div className={`flex min-h-full flex-col ${lost ? 'stale' : ''}`}>
      <PageHead
        title="Evals"
        note={data && rows.length > 0 ? plural(shown.length, 'model') : undefined}
        filters={<EvalViews />}
        below={
          rows.length > 0 && (
            <div
              role="group"
              aria-label="Filters"
              className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center"
            >
              <Select
                label="Only this category"
                all="All categories"
                value={category}
                options={(data?.categories ?? []).map((name) => ({ value: name, label: name }))}
                onChange={(value) => setQuery({ category: value })}
              />
              <Select
                label="Only this host"
                all="All hosts"
                value={filter.host}
                options={hosts}
                onChange={(value) => setQuery({ host: value })}
              />
              <Select
                label="Only this size"
                all="All sizes"
                value={filter.size}
                options={SIZES}
                onChange={(value) => setQuery({ size: value })}
              />
              <FilterField
                label="Find a model"
                value={filter.text}
                onChange={(text) => setQuery({ text: text === '' ? null : text }, true)}
              />
              {isFiltered && (
                <Button look="quiet" onClick={clear}>
                  Clear
                </Button>
              )}
            </div>
          )
        }
      >
        {rows.length > 0 && (
          <ExportButton
            formats={(['csv', 'json', 'md'] as const).map((format) => ({
              href: exportHref(format, category),
              text: FORMAT[format],
            }))}
          />
        )}
        <Button look="primary" onClick={measure}>
          <PlusIcon className="size-4" aria-hidden />
          <span>
            Ask<span className="max-sm:sr-only"> a model</span>
          </span>
        </Button>
      </PageHead>
      {!data && !error && <Awaiting>Loading the leaderboard.</Awaiting>}
      {error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 px-4 py-2 text-sm md:px-6">
          {data ? 'The leaderboard is as it was told last.' : 'Couldn’t load the leaderboard.'}{' '}
          {error.message}
          <Button onClick={() => refresh(BOARD)}>Try again</Button>
        </p>
      )}
      {data && rows.length === 0 && <NoScores onMeasure={measure} />}
      {rows.length > 0 && shown.length === 0 && (
        <Notice title="No model matches" action={<Button onClick={clear}>Clear the filters</Button>}>
          None that has a score is of this category, host, size and name.
        </Notice>
      )}
      {data && shown.length > 0 && main !== null && (
        <>
          <div
            className="flex flex-col pointer-coarse:[--row:40px]"
            style={{
              height: `calc(var(--row, ${ROW_PX}px) * ${Math.min(MOST_ROWS, shown.length) + 1} + 18px)`,
            }}
          >
            <Table
              label="Leaderboard"
              name="evals-board"
              rows={shown}
              columns={columns}
              keyOf={rowKey}
              onOpen={(row) => {
                const entry = mainEntry(row, main);
                if (entry) goWithin(runHref(entry.runId));
              }}
              order={order}
            />
          </div>
          <Pair
            rows={rows}
            chosen={chosen}
            onClear={() => setQuery({ row: null }, true)}
            onCompare={comparing.open}
          />
          <section
            aria-labelledby="evals-scatter"
            className="flex min-w-0 flex-col gap-2 border-t px-4 pt-4 pb-8 md:px-6"
          >
            <div className="flex flex-wrap items-center gap-3">
              <h2 id="evals-scatter" className="text-base font-semibold">
                How good over how fast
              </h2>
              <Select
                label="Score of which suite"
                value={main}
                options={suites.map(({ name }) => ({ value: name, label: name }))}
                onChange={(value) => setQuery({ suite: value }, true)}
              />
            </div>
            <Panel what="the chart">
              <Suspense fallback={<div className="h-72" />}>
                <Scatter rows={shown} suite={main} pareto={data.pareto} />
              </Suspense>
            </Panel>
          </section>
        </>
      )}
      <Suspense>
        {asking.opened === 'new' && <Launcher onClose={asking.close} onStarted={() => undefined} />}
        {comparing.opened !== null && (
          <CompareDrawer key={comparing.opened} pair={comparing.opened} onClose={comparing.close} />
        )}
      </Suspense>
    </div>
  );
}

const FORMAT = {
  csv: 'CSV: a line for each score',
  json: 'JSON: everything',
  md: 'Markdown: a table',
} as const;

function NoScores({ onMeasure }: { onMeasure: () => void }) {
  return (
    <Notice
      title="No model has a score yet"
      action={
        <Button look="primary" onClick={onMeasure}>
          Ask a model
        </Button>
      }
    >
      Choose a suite and a model: it is asked every item, and its answers are graded by rules and hidden
      tests. Scores with their intervals stand here afterwards, and routing uses them.
    </Notice>
  );
}
