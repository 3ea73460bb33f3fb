'use client';
import { definitionOf, type BenchHistory, type FigureKey } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { withQuery } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { useQuery } from '../browser/query';
import { Xy } from '../charts/Xy';
import { hostName } from '../control/names';
import { plural } from '../format/number';
import { capital } from '../format/text';
import { serverNow, useIsLost } from '../live';
import { PageHead } from '../page/PageHead';
import { Awaiting, Button, Notice } from '../ui/controls';
import { Panel } from '../ui/Panel';
import { BenchViews } from './BenchViews';
import { Definition } from './Definition';
import { FastestView } from './FastestView';
import { figureOf, SHOWN } from './figures';
import { historyView } from './history';
import { Select } from '../page/Select';
import { useRunChoices } from '../runs/use-choices';
import { SUITES } from './calls';
import { useChanges } from '../live/use-jobs';

const DAYS = [
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
  { value: '365', label: 'Last year' },
] as const;
const DEFAULT_DAYS = '90';
/** Of the contract. */
const MOST_POINTS = 5_000;

/** How one figure went over time and engine builds, and which host is the fastest for each model. */
export default function HistoryView() {
  const lost = useIsLost();
  return (
    <div className={lost ? 'stale' : ''}>
      <PageHead title="Bench" filters={<BenchViews />} />
      <div className="flex flex-col gap-8 px-4 pb-8 md:px-6">
        <section aria-labelledby="bench-over-time" className="flex min-w-0 flex-col gap-3">
          <h2 id="bench-over-time" className="text-base font-semibold">
            Over time
          </h2>
          <Panel what="the history">
            <OverTime />
          </Panel>
        </section>
        <section aria-labelledby="bench-fastest" className="flex min-w-0 flex-col gap-3">
          <h2 id="bench-fastest" className="text-base font-semibold">
            The fastest host of each model
          </h2>
          <Panel what="the fastest hosts">
            <FastestView />
          </Panel>
        </section>
      </div>
    </div>
  );
}

function OverTime() {
  const [query, setQuery] = useQuery();
  const { hosts, models, suites } = useRunChoices(SUITES);
  const figure: FigureKey = figureOf(query.get('figure') ?? 'genTps', SHOWN) ?? 'genTps';
  const [model, host, suite, cell] = ['model', 'host', 'suite', 'cell'].map((name) => query.get(name));
  const days = DAYS.find(({ value }) => value === query.get('days'))?.value ?? DEFAULT_DAYS;
  const path = withQuery('/bench/history', {
    figure,
    model: model ?? undefined,
    providerId: host ?? undefined,
    suite: suite ?? undefined,
    days,
    limit: MOST_POINTS,
  });
  const { data, error } = useKept(useResource<BenchHistory>(path), path);
  useChanges('bench', null, () => refresh(path));
  const names = useMemo(() => [...new Set((data?.points ?? []).map((point) => point.cell))], [data]);
  // Cells of several lengths beside each other say nothing: one is drawn, and the others can be chosen.
  const shownCell = names.find((name) => name === cell) ?? names[0] ?? null;
  const view = useMemo(
    () =>
      historyView(
        (data?.points ?? []).filter((point) => point.cell === shownCell),
        figure,
        serverNow(),
        hostName,
      ),
    [data, shownCell, figure],
  );
  const choose = (name: string) => (value: string | null) => setQuery({ [name]: value }, true);
  return (
    <>
      <div
        role="group"
        aria-label="Filters"
        className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center"
      >
        <span className="col-span-2 flex min-w-0 items-center">
          <Select
            label="Figure"
            value={figure}
            options={SHOWN.map((each) => ({
              value: each,
              label: `${capital(definitionOf(each).label)}, ${definitionOf(each).unit}`,
            }))}
            onChange={choose('figure')}
          />
          <Definition figure={figure} />
        </span>
        <Select
          label="Only this model"
          all="All models"
          value={model ?? null}
          options={models}
          onChange={choose('model')}
        />
        <Select
          label="Only this host"
          all="All hosts"
          value={host ?? null}
          options={hosts}
          onChange={choose('host')}
        />
        <Select
          label="Only this suite"
          all="All suites"
          value={suite ?? null}
          options={suites}
          onChange={choose('suite')}
        />
        <Select label="How far back" value={days} options={DAYS} onChange={choose('days')} />
        {names.length > 1 && (
          <Select
            label="Which cell"
            value={shownCell}
            options={names.map((name) => ({ value: name, label: name }))}
            onChange={choose('cell')}
          />
        )}
      </div>
      {error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm text-fg2">
          Couldn’t load the history. {error.message}
          <Button onClick={() => refresh(path)}>Try again</Button>
        </p>
      )}
      {!data && !error && <Awaiting>Loading the history.</Awaiting>}
      {data && !view && (
        <Notice title="Nothing was measured in this time">
          Measure a model on the view Runs, or look further back; what was measured by a schedule is here,
          too.
        </Notice>
      )}
      {view && <Xy view={view} many />}
      {data && view && (
        <p className="text-xs text-fg3">
          {plural(data.points.filter((point) => point.cell === shownCell).length, 'run')} of the cell{' '}
          <code className="font-mono">{shownCell}</code>. Medians with their 95 % interval; triangles are not
          clean.
          {data.leftOut && ' Older ones are left out.'}
        </p>
      )}
    </>
  );
}
