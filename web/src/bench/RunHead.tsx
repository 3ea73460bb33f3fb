'use client';
import type { BenchRunDetail } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { ReactNode } from 'react';
import { useHostName } from '../control/names';
import { duration, spoken } from '../format/number';
import { hostHref } from '../hosts/address';
import { Ago } from '../live/Ago';
import { PageLink } from '../shell/PageLink';
import { BenchLink } from './BenchLink';
import { Chip } from '../ui/marks';
import { RUN_STATE, taints } from './words';

interface RunHeadProps {
  detail: BenchRunDetail;
  /** Buttons. */
  children: ReactNode;
}

/** What every run shows on top: suite, model, host, build, and whether its figures can be trusted. */
export function RunHead({ detail: { run }, children }: RunHeadProps) {
  const host = useHostName(run.providerId);
  const { tone, word } = RUN_STATE[run.state];
  const against = taints(run);
  const tookMs =
    run.startedAt === null || run.endedAt === null
      ? null
      : instantToMs(run.endedAt) - instantToMs(run.startedAt);
  return (
    <header className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-xl leading-8 font-semibold [overflow-wrap:anywhere]">
          <BenchLink href="/bench/" className="font-normal text-fg3 hover:text-accent">
            Bench
          </BenchLink>
          <span aria-hidden className="px-2 font-normal text-fg3">
            /
          </span>
          {run.kind === 'imported' ? 'llama-bench, imported' : run.suiteName}
        </h1>
        <Chip tone={tone} pulses={run.state === 'running'}>
          {word}
        </Chip>
        {against.map((each) => (
          <Chip key={each} tone="busy">
            {each}
          </Chip>
        ))}
        {against.length === 0 && run.cellsDone > 0 && <Chip tone="neutral">clean</Chip>}
        {(run.regressed ?? 0) > 0 && <Chip tone="error">{run.regressed} regressed</Chip>}
        <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>
      </div>
      <p className="text-sm text-fg2 [overflow-wrap:anywhere]">
        <code className="font-mono text-xs text-fg">{run.model}</code> on{' '}
        <PageLink
          href={hostHref(run.providerId)}
          className="text-accent underline underline-offset-2 pointer-coarse:py-3"
        >
          {host}
        </PageLink>
        {run.engineBuild !== null && <>, engine {run.engineBuild}</>}
        {run.startedAt === null ? (
          <>
            , asked for <Ago atMs={instantToMs(run.createdAt)} />
          </>
        ) : (
          <>
            , begun <Ago atMs={instantToMs(run.startedAt)} />
          </>
        )}
        {tookMs !== null && <>, took {spoken(duration(tookMs))}</>}
        {run.loadMs !== null && <>, loaded in {spoken(duration(run.loadMs))}</>}
        {run.scheduleId !== null ? ', by a schedule' : `, by ${run.source}`}
      </p>
      {run.reason && (
        <p role="status" className="text-sm text-busy [overflow-wrap:anywhere]">
          {run.reason.message}
        </p>
      )}
    </header>
  );
}
