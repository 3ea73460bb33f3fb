'use client';
import type { EvalRunDetail } from '@boocontrol/contracts';
import { useEffect, useRef } from 'react';
import { refresh, useResource, type Resource } from '../api/resource';
import { useKept } from '../api/use-kept';
import type { Progress } from '../live/jobs';
import { useChanges } from '../live/use-jobs';
import { runPath } from './calls';

/** The grid is asked for so often at most while samples come. */
const EVERY_MS = 1_000;

/**
 * A run with its items, asked for again when it changes and, while samples come, about every second. External system: the gateway.
 * @param id null: none
 */
export function useDetail(id: string | null, progress: Progress | undefined): Resource<EvalRunDetail> {
  const path = id === null ? null : runPath(id);
  const resource = useKept(useResource<EvalRunDetail>(path), id ?? '');
  useChanges('eval', id, () => path !== null && refresh(path));
  const due = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (path === null || progress === undefined) return;
    due.current ??= setTimeout(() => {
      due.current = undefined;
      refresh(path);
    }, EVERY_MS);
  }, [path, progress]);
  useEffect(
    () => () => {
      clearTimeout(due.current);
      due.current = undefined;
    },
    [path],
  );
  return resource;
}
