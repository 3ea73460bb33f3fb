'use client';
import type { EvalItemResult, EvalRunDetail } from '@boocontrol/contracts';
import { useEffect, useRef } from 'react';
import { allPages } from '../api/pages';
import { refresh, useResource, type Resource } from '../api/resource';
import { useKept } from '../api/use-kept';
import type { Progress } from '../live/jobs';
import { useChanges } from '../live/use-jobs';
import { runPath } from './calls';

/** The grid is asked for so often at most while samples come; one of many items less often. */
const EVERY_MS = 1_000;
const LARGE = { items: 1_000, everyMs: 5_000 };

/** With the items of all pages; with a cursor where there are even more. */
async function wholeRun(path: string): Promise<EvalRunDetail> {
  let newest: EvalRunDetail | undefined;
  const { rows } = await allPages<EvalRunDetail, EvalItemResult>(path, (page) => {
    newest = page;
    return page.items;
  });
  if (newest === undefined) throw new Error('a list of pages has none');
  return { ...newest, items: [...rows] };
}

/**
 * A run with its items, asked for again when it changes and, while samples come, about every second. External system: the gateway.
 * @param id null: none
 */
export function useDetail(id: string | null, progress: Progress | undefined): Resource<EvalRunDetail> {
  const path = id === null ? null : runPath(id);
  const resource = useKept(useResource<EvalRunDetail>(path, undefined, wholeRun), id ?? '');
  useChanges('eval', id, () => path !== null && refresh(path));
  const everyMs = (resource.data?.items.length ?? 0) > LARGE.items ? LARGE.everyMs : EVERY_MS;
  const due = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (path === null || progress === undefined) return;
    due.current ??= setTimeout(() => {
      due.current = undefined;
      refresh(path);
    }, everyMs);
  }, [path, progress, everyMs]);
  useEffect(
    () => () => {
      clearTimeout(due.current);
      due.current = undefined;
    },
    [path],
  );
  return resource;
}
