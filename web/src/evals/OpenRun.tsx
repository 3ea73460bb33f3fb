'use client';
import type { EvalRun } from '@boocontrol/contracts';
import { refresh } from '../api/resource';
import { useHostName } from '../control/names';
import type { Progress } from '../live/jobs';
import { WithinLink } from '../page/WithinLink';
import { CancelButton } from '../runs/CancelButton';
import { RUN_STATE } from '../runs/run-words';
import { Chip } from '../ui/marks';
import { runHref } from './address';
import { cancel, runPath } from './calls';
import { LiveRun } from './LiveRun';
import { useDetail } from './use-detail';
import { OUTCOME } from './words';

interface OpenRunProps {
  run: EvalRun;
  progress: Progress | undefined;
}

/** A run that is under way or waits for its turn, as it goes on. */
export function OpenRun({ run, progress }: OpenRunProps) {
  const isRunning = run.state === 'running';
  const { data } = useDetail(isRunning ? run.id : null, progress);
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
            onSettled={() => refresh(runPath(run.id))}
          />
        </span>
      </div>
      {isRunning && (
        <>
          <LiveRun run={data?.run ?? run} items={data?.items ?? null} progress={progress} />
          {data && (
            <div aria-hidden className="flex max-h-24 flex-wrap gap-px overflow-hidden">
              {data.items.flatMap(({ item, samples }) =>
                samples.map(({ sample, outcome, state }) => (
                  <i
                    key={`${item} ${sample}`}
                    title={`${item}, try ${sample + 1}`}
                    className={`grid size-3.5 place-items-center rounded-xs border text-[0.5625rem] leading-none font-semibold not-italic ${outcome ? OUTCOME[outcome].look : state === 'waiting' ? 'border-line' : 'border-own bg-own/25'}`}
                  >
                    {outcome && OUTCOME[outcome].sign}
                  </i>
                )),
              )}
            </div>
          )}
        </>
      )}
    </li>
  );
}
