'use client';
import {
  definitionOf,
  type BenchBaselines,
  type BenchRun,
  type BenchRunDetail,
  type BenchSuites,
} from '@boocontrol/contracts';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { ApiError } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { useQuery } from '../browser/query';
import { useDrawer } from '../browser/use-drawer';
import { capital } from '../format/text';
import { useIsLost, useProvider } from '../live';
import { Awaiting, Button, Notice } from '../ui/controls';
import { Chip } from '../ui/marks';
import { Panel } from '../ui/Panel';
import { WithinLink } from '../page/WithinLink';
import { BASELINES, detailPath, SUITES } from './calls';
import { CellGrid } from './CellGrid';
import { Command } from './Command';
import { Compare } from './Compare';
import { Definition } from './Definition';
import { figureOf, figuresIn } from './figures';
import { FingerprintView } from '../runs/FingerprintView';
import { LiveLine } from './Live';
import { RunActions, useRerun } from './RunActions';
import { RunHead } from '../runs/RunHead';
import { Select } from '../page/Select';
import { useChanges, useProgress } from '../live/use-jobs';
import { Verdicts } from './Verdicts';
import { taints } from './words';
import { Fact } from '../page/Details';
import { isOpen } from '../runs/run-words';

const Curves = lazy(() => import('./Curves'));
const SamplesView = lazy(() => import('./SamplesView'));
const CellDrawer = lazy(() => import('./CellDrawer'));

/** A run whole: its cells, curves, requests, and what became of it against another. Live while it is under way. */
export default function RunView({ id }: { id: string }) {
  const [query] = useQuery();
  const against = query.get('against');
  const path = detailPath(id, against);
  const { data: detail, error } = useKept(useResource<BenchRunDetail>(path), id);
  useChanges('bench', id, () => refresh(path));
  // External system: the scroller of the page, which the list or another run has left somewhere.
  useEffect(() => document.getElementById('content')?.scrollTo(0, 0), [id]);
  if (!detail)
    return error ? (
      <Missing error={error} onRetry={() => refresh(path)} />
    ) : (
      <Awaiting>Loading the run.</Awaiting>
    );
  return <Run detail={detail} path={path} against={against} error={error} />;
}

function Missing({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const isGone = error instanceof ApiError && error.problem.code === 'unknown_run';
  return (
    <Notice
      title={isGone ? 'There is no such run' : 'Couldn’t load the run'}
      action={
        isGone ? (
          <WithinLink href="/bench/" className="text-accent underline underline-offset-2">
            Show the runs
          </WithinLink>
        ) : (
          <Button onClick={onRetry}>Try again</Button>
        )
      }
    >
      {isGone ? 'It may have been removed.' : error.message}
    </Notice>
  );
}

interface RunProps {
  detail: BenchRunDetail;
  path: string;
  against: string | null;
  error: Error | null;
}

function Run({ detail, path, against, error }: RunProps) {
  const { run, suite, cells, comparison, rates, saturation } = detail;
  const [query, setQuery] = useQuery();
  const drawer = useDrawer('cell');
  const progress = useProgress('bench')[run.id];
  const lost = useIsLost();
  const again = useRerun(run, path);
  const provider = useProvider(run.providerId);
  const baselines = useResource<BenchBaselines>(BASELINES).data;
  const isBaseline = baselines?.baselines.some(({ runId }) => runId === run.id) ?? false;
  const suites = useResource<BenchSuites>(SUITES).data;
  const other = useResource<BenchRunDetail>(against === null ? null : detailPath(against, null)).data;
  const offered = useMemo(() => figuresIn(cells.map(({ figures }) => figures)), [cells]);
  const figure = figureOf(query.get('figure'), offered);
  const runs = useMemo(
    () =>
      other
        ? [
            { name: 'this run', cells },
            { name: 'the other', cells: other.cells },
          ]
        : [{ name: '', cells }],
    [cells, other],
  );
  const opened = cells.find(({ index }) => String(index) === drawer.opened);
  const isLive = isOpen(run);
  // What measures the same, and what came with the program first: that has a name on the command line.
  const same = suites?.suites.filter(({ hash }) => hash === run.suiteHash) ?? [];
  const known = same.find(({ origin }) => origin === 'builtin') ?? same[0];
  return (
    <div className={`flex flex-col gap-6 px-4 py-3 pb-8 md:px-6 ${lost || error ? 'stale' : ''}`}>
      <RunHead
        page={{ name: 'Bench', href: '/bench/' }}
        title={run.kind === 'imported' ? 'llama-bench, imported' : run.suiteName}
        run={run}
        {...(run.scheduleId === null ? {} : { by: 'a schedule' })}
        chips={<Trust run={run} />}
      >
        <RunActions detail={detail} path={path} again={again} isBaseline={isBaseline} />
      </RunHead>
      {error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
          The run is as it was told last. {error.message}
          <Button onClick={() => refresh(path)}>Try again</Button>
        </p>
      )}
      {again.question}
      {isLive && <LiveLine run={run} cells={cells} progress={progress} />}
      <section aria-labelledby="bench-cells" className="flex min-w-0 flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id="bench-cells" className="text-base font-semibold">
            Cells
          </h2>
          {figure && (
            <>
              <Select
                label="Figure"
                value={figure}
                options={offered.map((each) => ({
                  value: each,
                  label: `${capital(definitionOf(each).label)}, ${definitionOf(each).unit}`,
                }))}
                onChange={(next) => setQuery({ figure: next }, true)}
              />
              <Definition figure={figure} />
            </>
          )}
        </div>
        <CellGrid
          cells={cells}
          figure={figure ?? 'genTps'}
          judged={comparison.judged}
          onOpen={(index) => drawer.open(String(index))}
        />
        {cells.length === 0 && <p className="text-sm text-fg2">Its cells are known when it has begun.</p>}
        {rates.map(({ cells: name, highestPerS, why }) => (
          <p key={name} className="text-sm">
            {highestPerS === null
              ? 'Not even the lowest rate kept the limits.'
              : `The highest rate within the limits: ${highestPerS} requests a second.`}{' '}
            <span className="text-fg2">
              {why} ({name})
            </span>
          </p>
        ))}
        {saturation
          .filter(({ load }) => load !== null)
          .map(({ cells: name, load }) => (
            <p key={name} className="text-sm text-fg2">
              From a load of {load} on, more gained nothing ({name}).
            </p>
          ))}
      </section>
      <section aria-labelledby="bench-verdicts" className="flex min-w-0 flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id="bench-verdicts" className="text-base font-semibold">
            Against another run
          </h2>
          <Compare run={run} against={against} onChange={(next) => setQuery({ against: next }, true)} />
        </div>
        <Verdicts comparison={comparison} cells={cells} isPicked={against !== null} isBaseline={isBaseline} />
      </section>
      {run.kind === 'measured' && (
        <section aria-label="Curves" className="min-w-0">
          <Panel what="the curves">
            <Curves runs={runs} />
          </Panel>
        </section>
      )}
      {run.kind === 'measured' && (
        <section aria-labelledby="bench-requests" className="flex min-w-0 flex-col gap-2">
          <h2 id="bench-requests" className="text-base font-semibold">
            Requests
          </h2>
          <Panel what="the requests">
            <SamplesView id={run.id} version={run.cellsDone * 1e6 + run.version} cells={cells} />
          </Panel>
        </section>
      )}
      <div className="grid gap-6 lg:grid-cols-2">
        <section aria-labelledby="bench-fingerprint" className="flex min-w-0 flex-col gap-2">
          <h2 id="bench-fingerprint" className="text-base font-semibold">
            What it was measured on
          </h2>
          <FingerprintView fingerprint={detail.fingerprint}>
            <Fact name="Prompts">
              seed {run.seed}, {suite.cache} cache
              {detail.calibration &&
                `; lengths counted by ${detail.calibration.method === 'tokenizer' ? 'its tokenizer' : 'requests'}`}
            </Fact>
          </FingerprintView>
        </section>
        {provider && run.kind === 'measured' && (
          <Command
            suite={known ?? { name: run.suiteName, origin: 'stored', suite }}
            url={provider.baseUrl}
            model={run.model}
            seed={run.seed}
          />
        )}
      </div>
      <Suspense>
        {opened && (
          <CellDrawer
            key={opened.index}
            cell={opened}
            onRerun={
              isLive || run.kind === 'imported'
                ? null
                : () => {
                    drawer.close();
                    again.ask([opened.index]);
                  }
            }
            onClose={drawer.close}
          />
        )}
      </Suspense>
    </div>
  );
}

/** Whether its figures are what the host does by itself. */
function Trust({ run }: { run: BenchRun }) {
  const against = taints(run);
  return (
    <>
      {against.map((each) => (
        <Chip key={each} tone="busy">
          {each}
        </Chip>
      ))}
      {against.length === 0 && run.cellsDone > 0 && <Chip tone="neutral">clean</Chip>}
      {(run.regressed ?? 0) > 0 && <Chip tone="error">{run.regressed} regressed</Chip>}
    </>
  );
}
