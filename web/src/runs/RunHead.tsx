'use client';
import type { JobState, Problem } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { ReactNode } from 'react';
import { useHostName } from '../control/names';
import { duration, spoken } from '../format/number';
import { hostHref } from '../hosts/address';
import { Ago } from '../live/Ago';
import { PageLink } from '../shell/PageLink';
import { Chip } from '../ui/marks';
import { RUN_STATE } from './run-words';
import { WithinLink } from '../page/WithinLink';

interface HeadedRun {
  providerId: string;
  model: string;
  state: JobState;
  reason: Problem | null;
  source: string;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  loadMs: number | null;
  engineBuild: string | null;
}

interface RunHeadProps {
  /** The page that the run is of, and the address of its list. */
  page: { name: string; href: string };
  title: string;
  run: HeadedRun;
  /** Who or what asked for it; absent: its source. */
  by?: string;
  /** Whether it can be trusted, as chips. */
  chips: ReactNode;
  /** Further facts, each with its own comma. */
  facts?: ReactNode;
  /** Buttons. */
  children: ReactNode;
}

/** What every run shows on top: suite, model, host, build, and whether its figures can be trusted. */
export function RunHead({ page, title, run, by, chips, facts, children }: RunHeadProps) {
  const host = useHostName(run.providerId);
  const { tone, word } = RUN_STATE[run.state];
  const tookMs =
    run.startedAt === null || run.endedAt === null
      ? null
      : instantToMs(run.endedAt) - instantToMs(run.startedAt);
  return (
    <header className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-xl leading-8 font-semibold [overflow-wrap:anywhere]">
          <WithinLink href={page.href} className="font-normal text-fg3 hover:text-accent">
            {page.name}
          </WithinLink>
          <span aria-hidden className="px-2 font-normal text-fg3">
            /
          </span>
          {title}
        </h1>
        <Chip tone={tone} pulses={run.state === 'running'}>
          {word}
        </Chip>
        {chips}
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
        {facts}, by {by ?? run.source}
      </p>
      {run.reason && (
        <p role="status" className="text-sm text-busy [overflow-wrap:anywhere]">
          {run.reason.message}
        </p>
      )}
    </header>
  );
}
