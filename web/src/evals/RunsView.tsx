'use client';
import type { EvalRun } from '@boocontrol/contracts';
import { lazy, Suspense } from 'react';
import { withQuery } from '../api/client';
import { goWithin, useQuery } from '../browser/query';
import { useDrawer } from '../browser/use-drawer';
import { count } from '../format/number';
import { useIsLost } from '../live';
import { useProgress } from '../live/use-jobs';
import { PageHead } from '../page/PageHead';
import { useSorting } from '../page/sorting';
import Table from '../page/Table';
import { NoRuns } from '../runs/NoRuns';
import { RunFilters } from '../runs/RunFilters';
import { useRuns } from '../runs/use-runs';
import { Button, Notice } from '../ui/controls';
import { PlusIcon } from '../ui/icons';
import { runHref } from './address';
import { RUNS, SUITES } from './calls';
import { EvalViews } from './EvalViews';
import { OpenRun } from './OpenRun';
import { RUN_COLUMNS } from './run-columns';

const Launcher = lazy(() => import('./Launcher'));

const PAGE_ROWS = 50;
const keyOf = ({ id }: EvalRun): string => id;

/** Runs that are under way as they go on, and below those that have ended. */
export default function RunsView() {
  const [query, setQuery] = useQuery();
  const filter = { host: query.get('host'), model: query.get('model'), suite: query.get('suite') };
  const { rows, open, cursor, error, older, retry, again } = useRuns<EvalRun>(
    'eval',
    withQuery(RUNS, {
      providerId: filter.host ?? undefined,
      model: filter.model ?? undefined,
      suite: filter.suite ?? undefined,
      limit: PAGE_ROWS,
    }),
  );
  const progress = useProgress('eval');
  const asking = useDrawer('ask');
  const order = useSorting();
  const lost = useIsLost();
  const measure = (): void => asking.open('new');
  return (
    <div className="flex h-full flex-col">
      <PageHead
        title="Evals"
        note={open.length === 0 ? undefined : `${count(open.length)} under way`}
        filters={<EvalViews />}
        below={<RunFilters suitesPath={SUITES} />}
      >
        <Button look="primary" onClick={measure}>
          <PlusIcon className="size-4" aria-hidden />
          <span>
            Ask<span className="max-sm:sr-only"> a model</span>
          </span>
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
          name="eval-runs"
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
                onClear={() => setQuery({ host: null, model: null, suite: null })}
                none={
                  <Notice
                    title="No model was asked yet"
                    action={
                      <Button look="primary" onClick={measure}>
                        Ask a model
                      </Button>
                    }
                  >
                    Choose a suite and a model, and see how long it takes before it begins. Every answer is
                    kept, and can be read and graded again.
                  </Notice>
                }
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
      <Suspense>{asking.opened === 'new' && <Launcher onClose={asking.close} onStarted={again} />}</Suspense>
    </div>
  );
}
