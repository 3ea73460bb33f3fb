'use client';
import { useEffect, useRef, useState } from 'react';
import { live } from './index';
import { changedRuns, takeProgress, type JobKind, type ProgressOf } from './jobs';

const NONE: ProgressOf = {};

/** How far runs are, as it is told while this is shown. External system: the connection. */
export function useProgress(kind: JobKind): ProgressOf {
  const [progress, setProgress] = useState(NONE);
  useEffect(() => live.onJobs((jobs) => setProgress((before) => takeProgress(before, jobs, kind))), [kind]);
  return progress;
}

/** Facts come in bursts; what they changed is asked for once. */
const GATHER_MS = 250;

/**
 * Asks again when more than the progress of a run has changed, and when the connection came back.
 * External system: the connection.
 * @param id of this run; null: of any
 */
export function useChanges(kind: JobKind, id: string | null, ask: () => void): void {
  const newest = useRef(ask);
  useEffect(() => {
    newest.current = ask;
  });
  useEffect(() => {
    let due: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      due ??= setTimeout(() => {
        due = undefined;
        newest.current();
      }, GATHER_MS);
    };
    const ends = [
      live.onJobs((jobs) => {
        const changed = changedRuns(jobs, kind);
        if (id === null ? changed.length > 0 : changed.includes(id)) soon();
      }),
      live.onSnapshot(soon),
    ];
    return () => {
      clearTimeout(due);
      for (const end of ends) end();
    };
  }, [kind, id]);
}
