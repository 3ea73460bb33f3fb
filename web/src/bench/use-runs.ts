'use client';
import type { BenchRun, BenchRunsPage } from '@boocontrol/contracts';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { api, withQuery } from '../api/client';
import { createPager, type Loaded } from '../api/pager';
import { RUNS } from './calls';
import { useChanges } from './use-jobs';

export interface RunFilter {
  host: string | null;
  model: string | null;
  suite: string | null;
}

const PAGE_ROWS = 50;
const newestFirst = (a: BenchRun, b: BenchRun): number =>
  a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : a.id < b.id ? 1 : -1;

export interface Runs extends Loaded<BenchRun> {
  /** Not ended, in the order of their turns. */
  open: readonly BenchRun[];
  older: () => void;
  retry: () => void;
  again: () => void;
}

const NONE: readonly BenchRun[] = [];

/** Runs that are under way, and those that have ended, newest first; asked for again when one changes. */
export function useRuns({ host, model, suite }: RunFilter): Runs {
  const question = JSON.stringify([host, model, suite]);
  const [open, setOpen] = useState<{ question: string; runs: readonly BenchRun[] }>({ question, runs: NONE });
  const pager = useMemo(
    () =>
      createPager<BenchRun>(async (cursor) => {
        const page = await api<BenchRunsPage>(
          withQuery(RUNS, {
            providerId: host ?? undefined,
            model: model ?? undefined,
            suite: suite ?? undefined,
            limit: PAGE_ROWS,
            cursor: cursor ?? undefined,
          }),
        );
        setOpen({ question, runs: page.open });
        return { rows: page.ended, nextCursor: page.nextCursor };
      }, newestFirst),
    [question, host, model, suite],
  );
  // External system: the gateway.
  useEffect(() => pager.first(), [pager]);
  useChanges(null, pager.first);
  const loaded = useSyncExternalStore(pager.subscribe, pager.get, pager.get);
  return useMemo(() => {
    const runs = open.question === question ? open.runs : NONE;
    // One that is measured again is under way again.
    const away = new Set(runs.map(({ id }) => id));
    return {
      ...loaded,
      rows: loaded.rows.filter(({ id }) => !away.has(id)),
      open: runs,
      older: pager.older,
      retry: pager.retry,
      again: pager.first,
    };
  }, [loaded, open, question, pager]);
}
