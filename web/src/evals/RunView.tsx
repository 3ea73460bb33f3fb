'use client';
import type { EvalRun, EvalRunDetail } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { ApiError } from '../api/client';
import { refresh } from '../api/resource';
import { useQuery } from '../browser/query';
import { useDrawer } from '../browser/use-drawer';
import { plural } from '../format/number';
import { exactClock } from '../format/time';
import { serverNow, useIsLost } from '../live';
import { useProgress } from '../live/use-jobs';
import { Fact } from '../page/Details';
import { ViewChoice } from '../page/ViewChoice';
import { WithinLink } from '../page/WithinLink';
import { FingerprintView, Mono } from '../runs/FingerprintView';
import { RunHead } from '../runs/RunHead';
import { contaminationWords, isOpen } from '../runs/run-words';
import { Awaiting, Button, Notice } from '../ui/controls';
import { Chip } from '../ui/marks';
import { Panel } from '../ui/Panel';
import { readSampleKey, sampleKey } from './address';
import { runPath } from './calls';
import { GROUPINGS, groupingOf, neighbour, outcomeOf, settledOf } from './items';
import { ItemsGrid } from './ItemsGrid';
import { LiveRun } from './LiveRun';
import { RunActions } from './RunActions';
import { ScoreView } from './ScoreView';
import { useDetail } from './use-detail';

const SamplesView = lazy(() => import('./SamplesView'));
const SampleDrawer = lazy(() => import('./SampleDrawer'));

/** A run whole: its score, its items, every sample. Live while it is under way. */
export default function RunView({ id }: { id: string }) {
  const progress = useProgress('eval')[id];
  const { data: detail, error } = useDetail(id, progress);
  // External system: the scroller of the page, which the list or another run has left somewhere.
  useEffect(() => document.getElementById('content')?.scrollTo(0, 0), [id]);
  if (!detail)
    return error ? (
      <Missing error={error} onRetry={() => refresh(runPath(id))} />
    ) : (
      <Awaiting>Loading the run.</Awaiting>
    );
  return <Run detail={detail} progress={progress} error={error} />;
}

function Missing({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const isGone = error instanceof ApiError && error.problem.code === 'unknown_run';
  return (
    <Notice
      title={isGone ? 'There is no such run' : 'Couldn’t load the run'}
      action={
        isGone ? (
          <WithinLink href="/evals/?what=runs" className="text-accent underline underline-offset-2">
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
  detail: EvalRunDetail;
  progress: ReturnType<typeof useProgress>[string] | undefined;
  error: Error | null;
}

function Run({ detail, progress, error }: RunProps) {
  const { run, items, fingerprint, contamination, nextCursor } = detail;
  const [query, setQuery] = useQuery();
  const drawer = useDrawer('sample');
  const lost = useIsLost();
  const only = outcomeOf(query.get('outcome'));
  const by = groupingOf(query.get('by'));
  const at = readSampleKey(drawer.opened);
  const order = useMemo(() => settledOf(items, only), [items, only]);
  const go = (way: 1 | -1) => {
    const next = at && neighbour(order, at, way);
    return next ? () => drawer.swap(sampleKey(next.item, next.sample)) : null;
  };
  return (
    <div className={`flex flex-col gap-6 px-4 py-3 pb-8 md:px-6 ${lost || error ? 'stale' : ''}`}>
      <RunHead
        page={{ name: 'Evals', href: '/evals/?what=runs' }}
        title={run.suiteTitle}
        run={run}
        chips={<Trust run={run} />}
        facts={
          <>
            , suite <span className="font-mono text-xs">{run.suiteName}</span> {run.suiteHash.slice(0, 8)}
          </>
        }
      >
        <RunActions detail={detail} />
      </RunHead>
      {error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
          The run is as it was told last. {error.message}
          <Button onClick={() => refresh(runPath(run.id))}>Try again</Button>
        </p>
      )}
      {isOpen(run) && <LiveRun run={run} items={items} progress={progress} />}
      <ScoreView run={run} />
      <section aria-labelledby="eval-items" className="flex min-w-0 flex-col gap-3">
        <div className="flex flex-wrap items-center gap-3">
          <h2 id="eval-items" className="text-base font-semibold">
            Items
          </h2>
          <ViewChoice
            label="In groups by"
            views={GROUPINGS}
            value={by}
            onChange={(name) => setQuery({ by: name === 'difficulty' ? null : name }, true)}
          />
        </div>
        <ItemsGrid
          items={items}
          by={by}
          onOpen={({ item, sample }) => drawer.open(sampleKey(item, sample))}
        />
        {nextCursor !== null && (
          <p className="text-sm text-fg2">
            The first {plural(items.length, 'item')} of the run; the others are among the samples below.
          </p>
        )}
      </section>
      <section aria-labelledby="eval-samples" className="flex min-w-0 flex-col gap-3">
        <h2 id="eval-samples" className="text-base font-semibold">
          Samples
        </h2>
        <Panel what="the samples">
          <Suspense>
            <SamplesView
              id={run.id}
              version={run.version}
              outcomes={run.outcomes}
              only={only}
              onOnly={(outcome) => setQuery({ outcome }, true)}
              onOpen={({ item, sample }) => drawer.open(sampleKey(item, sample))}
            />
          </Suspense>
        </Panel>
      </section>
      <div className="grid gap-6 lg:grid-cols-2">
        <section aria-labelledby="eval-fingerprint" className="flex min-w-0 flex-col gap-2">
          <h2 id="eval-fingerprint" className="text-base font-semibold">
            What it was asked on
          </h2>
          <FingerprintView fingerprint={fingerprint}>
            <Fact name="Sampler">
              <Mono>{JSON.stringify(run.sampler)}</Mono>
            </Fact>
          </FingerprintView>
        </section>
        {contamination.length > 0 && (
          <section aria-labelledby="eval-contamination" className="flex min-w-0 flex-col gap-2">
            <h2 id="eval-contamination" className="text-base font-semibold">
              What else its host was busy with
            </h2>
            <ul className="list-disc pl-5 text-sm text-fg2 [overflow-wrap:anywhere]">
              {contamination.map((each) => (
                <li key={`${each.at} ${each.what}`}>
                  {exactClock(instantToMs(each.at), serverNow())} {contaminationWords(each)}
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <Suspense>
        {at && (
          <SampleDrawer
            run={run}
            at={at}
            place={order.findIndex(({ item, sample }) => item === at.item && sample === at.sample)}
            of={order.length}
            version={run.version}
            onBefore={go(-1)}
            onNext={go(1)}
            onClose={drawer.close}
          />
        )}
      </Suspense>
    </div>
  );
}

/** Whether its score and its speed are what the model does by itself. */
function Trust({ run: { isWhole, contaminated, done } }: { run: EvalRun }) {
  return (
    <>
      {!isWhole && <Chip tone="busy">some items only: in no leaderboard</Chip>}
      {contaminated > 0 && <Chip tone="busy">{plural(contaminated, 'sample')} contaminated</Chip>}
      {contaminated === 0 && done > 0 && <Chip tone="neutral">clean</Chip>}
    </>
  );
}
