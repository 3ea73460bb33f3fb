'use client';
import type { BenchRun } from '@boocontrol/contracts';
import { lazy, Suspense } from 'react';
import { withQuery } from '../api/client';
import { goWithin, useQuery } from '../browser/query';
import { useDrawer } from '../browser/use-drawer';
import { count } from '../format/number';
import { useIsLost } from '../live';
import { PageHead } from '../page/PageHead';
import { useSorting } from '../page/sorting';
import Table from '../page/Table';
import { Button, Notice } from '../ui/controls';
import { PlusIcon } from '../ui/icons';
import { runHref } from './address';
import { RUNS, SUITES } from './calls';
import { BenchViews } from './BenchViews';
import { NoRuns } from '../runs/NoRuns';
import { OpenRun } from './OpenRun';
import { RUN_COLUMNS } from './run-columns';
import { RunFilters } from '../runs/RunFilters';
import { useProgress } from '../live/use-jobs';
import { useRuns } from '../runs/use-runs';

const Launcher = lazy(() => import('./Launcher'));
const ImportDialog = lazy(() => import('./ImportDialog'));

const PAGE_ROWS = 50;
const keyOf = ({ id }: BenchRun): string => id;

/** Runs that are under way as they go on, and below those that have ended. */
export default function RunsView() {
  const [query, setQuery] = useQuery();
  const filter = { host: query.get('host'), model: query.get('model'), suite: query.get('suite') };
  const { rows, open, cursor, error, older, retry, again } = useRuns<BenchRun>(
    'bench',
    withQuery(RUNS, {
      providerId: filter.host ?? undefined,
      model: filter.model ?? undefined,
      suite: filter.suite ?? undefined,
      limit: PAGE_ROWS,
    }),
  );
  const progress = useProgress('bench');
  const asking = useDrawer('ask');
  const order = useSorting();
  const lost = useIsLost();
  const clear = (): void => setQuery({ host: null, model: null, suite: null });
  return (
    <div className="flex h-full flex-col">
      <PageHead
        title="Bench"
        note={open.length === 0 ? undefined : `${count(open.length)} under way`}
        filters={<BenchViews />}
        below={<RunFilters suitesPath={SUITES} />}
      >
        <Button onClick={() => asking.open('import')}>Import</Button>
        <Button look="primary" onClick={() => asking.open('new')}>
          <PlusIcon className="size-4" aria-hidden />
          Measure
        </Button>
      </PageHead>
      {open.length > 0 && (
        <ul aria-label="Under way" className={`flex flex-col gap-2 px-4 pb-3 md:px-6 ${lost ? 'stale' : ''}`}>
          {open.map((run) => (
            <OpenRun key={run.id} run={run} progress={progress[run.id]} />
          ))}
        </ul>
      )}
      <div className={`flex flex-1 flex-col ${rows.length > 0 ? 'min-h-96' : ''} ${lost ? 'stale' : ''}`}>
        <Table
          label="Runs that have ended, newest first"
          name="bench-runs"
          rows={rows}
          columns={RUN_COLUMNS}
          keyOf={keyOf}
          onOpen={({ id }) => goWithin(runHref(id))}
          onEnd={older}
          order={order}
          empty={
            open.length > 0 && !error ? null : (
              <NoRuns
                loading={cursor === undefined}
                error={error}
                filtered={Object.values(filter).some((value) => value !== null)}
                onRetry={retry}
                onClear={clear}
                none={<Nothing onMeasure={() => asking.open('new')} />}
              />
            )
          }
        />
        {error && rows.length > 0 && (
          <p
            role="status"
            className="flex flex-wrap items-center justify-center gap-3 border-t bg-s2 px-4 py-1.5 text-sm"
          >
            The runs are as they were told last. {error.message}
            <Button onClick={retry}>Try again</Button>
          </p>
        )}
      </div>
      <Suspense>
        {asking.opened === 'new' && <Launcher onClose={asking.close} onStarted={again} />}
        {asking.opened === 'import' && <ImportDialog onClose={asking.close} />}
      </Suspense>
    </div>
  );
}

function Nothing({ onMeasure }: { onMeasure: () => void }) {
  return (
    <Notice
      title="Nothing was measured yet"
      action={
        <Button look="primary" onClick={onMeasure}>
          Measure
        </Button>
      }
    >
      Choose a suite and a model, and see how long it takes before it begins. A host is measured while nobody
      else uses it; what others do meanwhile is marked.
    </Notice>
  );
}
