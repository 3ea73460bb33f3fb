'use client';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { api } from '../api/client';
import { createPager, type Loaded } from '../api/pager';
import type { JobKind } from '../live/jobs';
import { useChanges } from '../live/use-jobs';

/** What runs of every kind have. */
interface AnyRun {
  id: string;
  version: number;
  createdAt: string;
}
interface Page<Run> {
  open: readonly Run[];
  ended: readonly Run[];
  nextCursor: string | null;
}

const newestFirst = (a: AnyRun, b: AnyRun): number =>
  a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : a.id < b.id ? 1 : -1;

export interface Runs<Run> extends Loaded<Run> {
  /** Not ended, in the order of their turns. */
  open: readonly Run[];
  older: () => void;
  retry: () => void;
  again: () => void;
}

const NONE: readonly never[] = [];

/**
 * Runs that are under way, and those that have ended, newest first; asked for again when one changes.
 * @param path of their list, with its filters and how many a page has
 */
export function useRuns<Run extends AnyRun>(kind: JobKind, path: string): Runs<Run> {
  const [open, setOpen] = useState<{ path: string; runs: readonly Run[] }>({ path, runs: NONE });
  const pager = useMemo(
    () =>
      createPager<Run>(async (cursor) => {
        const page = await api<Page<Run>>(
          cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
        );
        setOpen({ path, runs: page.open });
        return { rows: page.ended, nextCursor: page.nextCursor };
      }, newestFirst),
    [path],
  );
  // External system: the gateway.
  useEffect(() => pager.first(), [pager]);
  useChanges(kind, null, pager.first);
  const loaded = useSyncExternalStore(pager.subscribe, pager.get, pager.get);
  return useMemo(() => {
    const runs = open.path === path ? open.runs : NONE;
    // One that goes on is under way again.
    const away = new Set(runs.map(({ id }) => id));
    return {
      ...loaded,
      rows: loaded.rows.filter(({ id }) => !away.has(id)),
      open: runs,
      older: pager.older,
      retry: pager.retry,
      again: pager.first,
    };
  }, [loaded, open, path, pager]);
}
