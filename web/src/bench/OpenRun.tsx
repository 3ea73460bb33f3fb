'use client';
import type { BenchRun, BenchRunDetail } from '@boocontrol/contracts';
import { refresh, useResource } from '../api/resource';
import { useHostName } from '../control/names';
import { WithinLink } from '../page/WithinLink';
import { Chip } from '../ui/marks';
import { runHref } from './address';
import { cancel, detailPath } from './calls';
import type { Progress } from '../live/jobs';
import { LiveLine } from './Live';
import { MiniGrid } from './MiniGrid';
import { useChanges } from '../live/use-jobs';
import { CancelButton } from '../runs/CancelButton';
import { RUN_STATE } from '../runs/run-words';

interface OpenRunProps {
  run: BenchRun;
  progress: Progress | undefined;
}

/** A run that is under way or waits for its turn, as it goes on. */
export function OpenRun({ run, progress }: OpenRunProps) {
  const isRunning = run.state === 'running';
  const path = isRunning ? detailPath(run.id, null) : null;
  const { data } = useResource<BenchRunDetail>(path);
  useChanges('bench', run.id, () => path !== null && refresh(path));
  const host = useHostName(run.providerId);
  const { tone, word } = RUN_STATE[run.state];
  return (
    <li className="flex min-w-0 flex-col gap-3 rounded-lg border bg-s1 px-4 py-3" data-run={run.id}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <WithinLink
          href={runHref(run.id)}
          className="min-w-0 text-sm font-medium [overflow-wrap:anywhere] hover:text-accent pointer-coarse:leading-10"
        >
          {run.suiteName} <span className="text-fg3">on</span> {host}:{' '}
          <code className="font-mono text-xs">{run.model}</code>
        </WithinLink>
        <Chip tone={tone} pulses={isRunning}>
          {word}
        </Chip>
        <span className="ml-auto">
          <CancelButton
            name={run.suiteName}
            cancel={() => cancel(run.id)}
            onSettled={() => refresh(detailPath(run.id, null))}
          />
        </span>
      </div>
      {isRunning && (
        <div className="grid gap-x-6 gap-y-3 sm:grid-cols-[minmax(0,1fr)_auto]">
          <LiveLine run={data?.run ?? run} cells={data?.cells ?? []} progress={progress} />
          {data && <MiniGrid cells={data.cells} />}
        </div>
      )}
    </li>
  );
}
