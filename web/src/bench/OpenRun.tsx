'use client';
import type { BenchRun, BenchRunDetail } from '@boocontrol/contracts';
import { useState } from 'react';
import { messageOf } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { useHostName } from '../control/names';
import { BenchLink } from './BenchLink';
import { Button } from '../ui/controls';
import { Chip } from '../ui/marks';
import { tell } from '../ui/notices';
import { runHref } from './address';
import { cancel, detailPath } from './calls';
import type { Progress } from './jobs';
import { LiveLine } from './Live';
import { MiniGrid } from './MiniGrid';
import { useChanges } from './use-jobs';
import { RUN_STATE } from './words';

interface OpenRunProps {
  run: BenchRun;
  progress: Progress | undefined;
}

/** A run that is under way or waits for its turn, as it goes on. */
export function OpenRun({ run, progress }: OpenRunProps) {
  const isRunning = run.state === 'running';
  const path = isRunning ? detailPath(run.id, null) : null;
  const { data } = useResource<BenchRunDetail>(path);
  useChanges(run.id, () => path !== null && refresh(path));
  const host = useHostName(run.providerId);
  const { tone, word } = RUN_STATE[run.state];
  return (
    <li className="flex min-w-0 flex-col gap-3 rounded-lg border bg-s1 px-4 py-3" data-run={run.id}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <BenchLink
          href={runHref(run.id)}
          className="min-w-0 text-sm font-medium [overflow-wrap:anywhere] hover:text-accent pointer-coarse:leading-10"
        >
          {run.suiteName} <span className="text-fg3">on</span> {host}:{' '}
          <code className="font-mono text-xs">{run.model}</code>
        </BenchLink>
        <Chip tone={tone} pulses={isRunning}>
          {word}
        </Chip>
        <span className="ml-auto">
          <CancelRun run={run} />
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

export function CancelRun({ run: { id, suiteName } }: { run: BenchRun }) {
  const [busy, setBusy] = useState(false);
  const end = async (): Promise<void> => {
    setBusy(true);
    try {
      await cancel(id);
      tell(`${suiteName} is ended. What was measured stands.`);
    } catch (error) {
      tell(`${suiteName} was not ended. ${messageOf(error)}`, true);
    } finally {
      setBusy(false);
      refresh(detailPath(id, null));
    }
  };
  return (
    <Button look="quiet" disabled={busy} onClick={() => void end()}>
      {busy ? 'Ending…' : 'Cancel'}
      <span className="sr-only"> the run of {suiteName}</span>
    </Button>
  );
}
